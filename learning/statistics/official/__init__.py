"""The official report on paper: one `Report` in the form of Decree 30/2020/NĐ-CP, Annex I.

Number and date stay blank: the agency's records office gives them. Who signs and who receives is
kept per unit and can be changed by its HR officers; everything else is figures and sentences made
of them, so that nothing is typed again.
"""
