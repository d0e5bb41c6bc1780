"""People: who works at a centre, what each may do, how they sign in and stay signed in."""
