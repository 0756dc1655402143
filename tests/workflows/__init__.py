"""What GitHub's workflows run besides the tests, as programs that run anywhere."""
