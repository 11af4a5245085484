// A cluster takes every core of a small machine.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
