"""A witness run by an outside party, and how a log asks it: C2SP tlog-witness over HTTP."""
