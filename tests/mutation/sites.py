"""The guards of a module: its text with a question to the switch at each of them."""

import ast
from collections import Counter

from tests.mutation.switch import Mutant, Switch

NAME = "mutant_switch"
LONGEST = 90
NO_GUARD = {
    *("flush", "add", "add_all", "add_many", "append", "extend", "update", "setdefault", "load"),
    *("rollback", "commit", "expunge_all", "refresh", "pop", "clear", "remove", "discard", "sort"),
    *(
        "about",
        "warning",
        "error",
        "set_up",
        "sleep",
        "flash",
        "__init__",
        "register_error_handler",
    ),
    *("before_request", "after_request", "teardown_request", "add_extension", "__enter__"),
    *("__exit__", "install_gettext_callables", "count", "setattr", "forget_rows"),
}
"""Calls whose loss breaks the work itself and lets nobody do more: what they do is no guard."""
IN_THE_TEXT = {"REQUEST.check", "PAYMENT.check"}
"""That each act of the fund asks its guards is seen in the text: `architecture/test_law.py`."""
OF_A_STATEMENT = {"where": True, "having": True, "and_": True, "or_": False}
OF_THE_DOOR = {"sending"}
"""That a version is handed over is seen in the text: `tests/architecture/test_law.py`."""
Scope = ast.FunctionDef | ast.Lambda


class Instrument(ast.NodeTransformer):
    """Puts a question to the switch at every guard of a module, and lists its mutants."""

    def __init__(self, module: str, switch: Switch) -> None:
        self.module = module
        self.switch = switch
        self.names: list[str] = []
        self.scopes: list[Scope] = []
        self.known: Counter[Mutant] = Counter()

    # Where we are ---------------------------------------------------------------------------------

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        self.names.append(node.name)
        node.body = self._statements(node.body)
        self.names.pop()
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.names.append(node.name)
        self.scopes.append(node)
        node.body = self._statements(node.body)
        self.scopes.pop()
        self.names.pop()
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        self.scopes.append(node)
        node.body = self.visit(node.body)
        self.scopes.pop()
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is not None:
            node.value = self.visit(node.value)
        return node

    def _statements(self, body: list[ast.stmt]) -> list[ast.stmt]:
        return [self.visit(statement) for statement in body]

    # Statements -----------------------------------------------------------------------------------

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        change = f"{ast.unparse(node)}: gone"
        self.generic_visit(node)
        return self._optional(node, change)

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        change = f"{ast.unparse(node)}: gone"
        self.generic_visit(node)
        if not isinstance(node.value, ast.Call) or called(node.value) in NO_GUARD:
            return node
        seen = ast.unparse(node.value.func) in IN_THE_TEXT
        return node if seen else self._optional(node, change)

    def _optional(self, node: ast.stmt, change: str) -> ast.AST:
        if not self.scopes:
            return node
        asked = self._ask("stays", node, self._mutant(change))
        return ast.copy_location(ast.If(asked, [node], []), node)

    # Conditions -----------------------------------------------------------------------------------

    def visit_If(self, node: ast.If) -> ast.AST:
        node.test = self._condition(node.test, f"if {ast.unparse(node.test)}")
        node.body, node.orelse = self._statements(node.body), self._statements(node.orelse)
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        node.test = self._condition(node.test, f"… if {ast.unparse(node.test)}")
        node.body, node.orelse = self.visit(node.body), self.visit(node.orelse)
        return node

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        node.iter = self.visit(node.iter)
        node.ifs = [self._condition(test, f"for … if {ast.unparse(test)}") for test in node.ifs]
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        return self._condition(node, ast.unparse(node))

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        return (
            self._condition(node, ast.unparse(node))
            if self._says_yes_or_no(node)
            else (self.generic_visit(node))
        )

    def _says_yes_or_no(self, node: ast.BoolOp) -> bool:
        """Tell whether `and` and `or` join conditions here, and do not choose a value."""
        scope = self.scopes[-1] if self.scopes else None
        returns = scope.returns if isinstance(scope, ast.FunctionDef) else None
        told = isinstance(returns, ast.Name) and returns.id == "bool"
        return told or any(isinstance(part, ast.Compare) for part in node.values)

    def _condition(self, node: ast.expr, change: str) -> ast.expr:
        """Return a condition that a mutant makes true or false, each part of it asked as well."""
        inside = self._inside(node)
        if not self.scopes:
            return inside
        always, never = self._mutant(f"{change}: always"), self._mutant(f"{change}: never")
        return self._ask("condition", node, always, never, inside)

    def _inside(self, node: ast.expr) -> ast.expr:
        if isinstance(node, ast.BoolOp):
            whole, neutral = ast.unparse(node), isinstance(node.op, ast.And)
            node.values = [self._part(part, whole, neutral=neutral) for part in node.values]
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            node.operand = self._inside(node.operand)
        elif isinstance(node, ast.Compare):
            self.generic_visit(node)
        else:
            inside: ast.expr = self.visit(node)
            return inside
        return node

    def _part(self, part: ast.expr, whole: str, *, neutral: bool) -> ast.expr:
        change = f"{shortened(whole)}: without {ast.unparse(part)}"
        inside = self._inside(part)
        if not self.scopes:
            return inside
        return self._ask("part", part, self._mutant(change), neutral, inside)

    # What the door and a statement are given ------------------------------------------------------

    def visit_Call(self, node: ast.Call) -> ast.AST:
        name = called(node)
        neutral = OF_A_STATEMENT.get(name) if self.scopes else None
        asks_a_rule = bool(node.args) and ast.unparse(node.args[0]) in {"actor", "rule"}
        if neutral is not None and not asks_a_rule:
            node.func = self.visit(node.func)
            node.args = [self._clause(part, name, neutral=neutral) for part in node.args]
            return node
        self.generic_visit(node)
        if name == "authorised" and self.scopes:
            for keyword in node.keywords:
                if keyword.arg in OF_THE_DOOR:
                    verb = ast.unparse(node.args[1])
                    mutant = self._mutant(f"authorised(…, {verb}): no {keyword.arg}")
                    keyword.value = self._ask("given", keyword.value, mutant, keyword.value)
        return node

    def _clause(self, part: ast.expr, name: str, *, neutral: bool) -> ast.expr:
        change = f"{name}: without {ast.unparse(part)}"
        if isinstance(part, ast.Starred):
            part.value = self._ask("clauses", part, self._mutant(change), self.visit(part.value))
            return part
        inside = self._inside(part)
        return self._ask("clause", part, self._mutant(change), neutral, inside)

    # The question ---------------------------------------------------------------------------------

    def _mutant(self, change: str) -> int:
        mutant = Mutant(self.module, ".".join(self.names) or "–", shortened(change))
        self.known[mutant] += 1
        if self.known[mutant] > 1:
            change = f"{shortened(change)} ({self.known[mutant]})"
            mutant = Mutant(mutant.module, mutant.function, change)
        self.switch.mutants.append(mutant)
        return len(self.switch.mutants) - 1

    def _ask(self, question: str, at: ast.AST, *given: int | bool | ast.expr) -> ast.expr:
        asked = ast.Attribute(ast.Name(NAME, ast.Load()), question, ast.Load())
        values = [each if isinstance(each, ast.expr) else ast.Constant(each) for each in given]
        call = ast.Call(asked, values, [])
        for node in ast.walk(call):
            if not hasattr(node, "lineno"):
                ast.copy_location(node, at)
        return call


def called(node: ast.Call) -> str:
    """Return the last name of what is called."""
    function = node.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def shortened(text: str) -> str:
    """Return a text on one line; of a long one its beginning and its end."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 32]}…{line[-30:]}"


def instrumented(text: str, module: str, switch: Switch) -> ast.Module:
    """Return a module whose guards ask `switch`, where each of its mutants is listed now."""
    tree = Instrument(module, switch).visit(ast.parse(text))
    if not isinstance(tree, ast.Module):
        raise TypeError(module)
    return ast.fix_missing_locations(tree)
