return { SHORT = 5, FAILURES = 3 }
