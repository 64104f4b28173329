"""The protection fund: from a request to a receipt, nobody approving themself."""
