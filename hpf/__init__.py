"""HPF Hall 公积金单位网厅: an online business hall for housing provident fund centers."""
