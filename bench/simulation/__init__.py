"""A fleet as events in virtual time: what no machine here is large enough to measure."""
