"""A sweep: its jobs on disk (`ledger`), their locks (`locks`), the tables over them (`leaderboard`).

Nothing is exported here, so that the process that starts the jobs stays without torch.
"""
