"""Content packs: a course as a folder of text files, checked whole before anything is written.

`reader` turns the files into plain values and collects every problem with its file and line;
`loading` writes a pack into pages, questions and sources. The format is shown by the pack in
`learning/courses/packs/` and told in README.md.
"""
