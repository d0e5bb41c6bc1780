"""HTTP manners: problem documents, transactions, headers, paging."""
