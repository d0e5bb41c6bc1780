"""How restricted information is marked wherever it goes: on the archive's paper, in its mail, on letters.

Source: method S87; domain 2.4. Form and exact subsection are not prescribed: a centre may give its letters a
text of its own.
"""

MARKING = (
    "IEROBEŽOTAS PIEEJAMĪBAS INFORMĀCIJA\n"
    "Pamats: Informācijas atklātības likuma 5. pants; Bērnu tiesību aizsardzības likuma 71. pants"
)
