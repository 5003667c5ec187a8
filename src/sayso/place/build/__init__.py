"""How the shipped boundary pack and gazetteer are made. Run by hand, never at run time."""
