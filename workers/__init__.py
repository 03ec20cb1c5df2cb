"""What is decided: dedupe, extract, resolve, judge, deliver; pure, without network and without a clock."""
