"""What the hall hands out: papers (PDF, from Typst templates) and workbooks (xlsx, csv). Pure: shapes in, bytes out."""
