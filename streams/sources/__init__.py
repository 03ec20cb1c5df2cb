"""Where articles come from: HTTP, feed documents, schedules, simulated feeds."""
