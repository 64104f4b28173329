"""Who may do what: verbs, people, records' owners, and the rules that tie them."""
