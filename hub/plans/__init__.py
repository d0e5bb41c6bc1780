"""A family's support plan: drawn up, sent in two steps, agreed, supplemented and closed."""
