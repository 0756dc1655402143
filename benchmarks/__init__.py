"""Speed and memory against peers, as ratios measured in one process. ``python -m benchmarks.scan`` runs one."""
