"""cvc5, a second judge of the questions that the first has written in SMT-LIB.

It is not needed to prove anything. It is there for whoever would rather not trust one solver.
"""

import cvc5


def judge(question: str, *, seconds: float) -> bool | None:
    """Return whether a question in SMT-LIB is satisfiable; none if there was no time to say."""
    solver = cvc5.Solver()
    solver.setOption("tlimit-per", str(max(1, int(seconds * 1000))))
    parser = cvc5.InputParser(solver)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, question, "question")
    symbols = parser.getSymbolManager()
    said = ""
    while not (command := parser.nextCommand()).isNull():
        said = command.invoke(solver, symbols) or said
    return {"sat": True, "unsat": False}.get(said.strip())
