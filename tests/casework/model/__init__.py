"""The oracle of `test_machine`: what ought to stand and who may do what, said again and slowly.

It keeps its own plain tables and shares nothing with the program but the classes of the acts.
"""
