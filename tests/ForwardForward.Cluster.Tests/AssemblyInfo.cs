// Half of a cluster's time is waiting for something to be noticed: two of them fill a small machine.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]
