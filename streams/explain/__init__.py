"""Explains what was decided: facts are gathered from state and topics, and put into words; nothing is judged anew."""
