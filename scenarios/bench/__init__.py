"""Motion benchmarks: tiers of rides, held against baselines that know their own noise."""
