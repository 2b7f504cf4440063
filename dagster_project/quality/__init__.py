"""Great Expectations at the two boundaries: suites as data, a runner, outcomes."""
