// Every test has a server of its own, which is enough for two cores; and a bound on each needs it.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
