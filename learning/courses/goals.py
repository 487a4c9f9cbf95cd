"""The 17 Sustainable Development Goals (UN resolution A/RES/70/1 of 25 September 2015)."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Goal:
    """A goal's number, 1 to 17; its name and one example of what IP does for it, both in the
    reader's language."""

    number: int
    name: Any
    example: Any


GOALS = tuple(
    Goal(number, name, example)
    for number, (name, example) in enumerate(
        (
            (
                _("No poverty"),
                _("A geographical indication raises a crop's price: lychees of Thanh Hà, 2007."),
            ),
            (
                _("Zero hunger"),
                _("Plant variety rights encourage the breeding of new varieties."),
            ),
            (
                _("Good health and well-being"),
                _("Licences on medicine patents: Medicines Patent Pool, 30 billion doses."),
            ),
            (
                _("Quality education"),
                _("The Marrakesh Treaty opens books to blind readers, since 6 March 2023."),
            ),
            (
                _("Gender equality"),
                _("The collective mark «Taita Basket» of women who weave baskets in Kenya."),
            ),
            (
                _("Clean water and sanitation"),
                _("A patented water filter for the hand: LifeStraw."),
            ),
            (
                _("Affordable and clean energy"),
                _("Patents on the blue LED led the way to lamps that save power."),
            ),
            (
                _("Decent work and economic growth"),
                _("Industries that use much IP make 47% of the EU's GDP (2017–2019)."),
            ),
            (
                _("Industry, innovation and infrastructure"),
                _("The goal with most patents: 2.9 million patent families."),
            ),
            (
                _("Reduced inequalities"),
                _("Article 25a of the IP Law: accessible copies for people with disabilities."),
            ),
            (
                _("Sustainable cities and communities"),
                _("Volvo opened its patent on the three-point seat belt to other makers."),
            ),
            (
                _("Responsible consumption and production"),
                _("Certification marks help buyers choose sustainable goods."),
            ),
            (
                _("Climate action"),
                _("WIPO GREEN joins those who have and those who need green technology."),
            ),
            (
                _("Life below water"),
                _("A patented system that gathers plastic from the sea."),
            ),
            (
                _("Life on land"),
                _("WIPO treaty of May 2024: patents name the origin of genetic resources."),
            ),
            (
                _("Peace, justice and strong institutions"),
                _("Enforcing rights against fakes: 2.3% of the world's imports (2021)."),
            ),
            (
                _("Partnerships for the goals"),
                _("The TISC network: 1,583 members in 93 countries (end of 2023)."),
            ),
        ),
        start=1,
    )
)
