"""Files as agencies have them, read into rows of plain values; nothing is decided here.

`tables` gets cells out of XLSX and CSV, `headers` finds which column says what, `values` reads a
cell's text, `encodings` recognises names typed for fonts of before Unicode.
"""
