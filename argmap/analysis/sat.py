"""The semantics that need search, handed to a SAT solver (python-sat) as complete labellings."""

from collections.abc import Iterable, Iterator
from time import monotonic
from types import TracebackType
from typing import Self

from pysat.solvers import Solver

from argmap.analysis.frameworks import Framework
from argmap.errors import AnalysisTimeout

_FIRST_CONFLICTS = 2_000


class Labellings:
    """The complete labellings of a framework as a formula, one solver for all questions about them.

    An argument is in exactly if all its attackers are out, and out exactly if one of them is in (Caminada and
    Gabbay 2009); the sets of arguments that are in are the complete extensions. `labels` are those of the grounded
    extension, which every complete labelling shares. Use it as a context manager: the solver holds memory outside
    Python. Every question raises AnalysisTimeout once `deadline` (time.monotonic) has passed.
    """

    def __init__(self, framework: Framework, labels: list[int], deadline: float) -> None:
        self._size = len(framework)
        self._deadline = deadline
        self._solver = Solver(name="glucose4")
        self._next = 2 * self._size + 1
        # What the grounded extension leaves undecided; everything else is the same in every complete extension.
        self._open = [argument for argument, label in enumerate(labels) if not label]
        self._attackers: dict[int, list[int]] = {}
        starts, attackers = framework.attackers.starts.tolist(), framework.attackers.values.tolist()
        for argument, label in enumerate(labels):
            is_in, is_out = self.is_in(argument), self.is_out(argument)
            if label:
                self._add([is_in if label > 0 else -is_in])
                self._add([is_out if label < 0 else -is_out])
                continue
            by = self._attackers[argument] = attackers[starts[argument] : starts[argument + 1]]
            self._add([-is_in, -is_out])
            self._add([is_in, *(-self.is_out(other) for other in by)])
            self._add([-is_out, *(self.is_in(other) for other in by)])
            for other in by:
                self._add([-is_in, self.is_out(other)])
                self._add([is_out, -self.is_in(other)])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._solver.delete()

    def is_in(self, argument: int) -> int:
        """Return the literal that says the argument is in."""
        return argument + 1

    def is_out(self, argument: int) -> int:
        """Return the literal that says the argument is out."""
        return self._size + argument + 1

    def complete(self) -> Iterator[frozenset[int]]:
        """Yield every complete extension once."""
        while (found := self._extension()) is not None:
            yield found
            self._add(self._differs(found))

    def stable(self) -> Iterator[frozenset[int]]:
        """Yield every stable extension once: the complete ones that leave nothing undecided."""
        for argument in self._open:
            self._add([self.is_in(argument), self.is_out(argument)])
        yield from self.complete()

    def preferred(self) -> Iterator[frozenset[int]]:
        """Yield every preferred extension once: the complete ones that no other contains."""
        literals = [self.is_in(argument) for argument in self._open]
        while (found := self._largest(literals)) is not None:
            yield self._read(found)
            self._add([literal for literal in literals if literal not in found])

    def semi_stable(self) -> Iterator[frozenset[int]]:
        """Yield every semi-stable extension once: the complete ones whose range no other's contains (Caminada 2006)."""
        decided = []
        for argument in self._open:
            literal = self._fresh()
            self._add([-literal, self.is_in(argument), self.is_out(argument)])
            self._add([literal, -self.is_in(argument)])
            self._add([literal, -self.is_out(argument)])
            decided.append(literal)
        while (found := self._largest(decided)) is not None:
            here = [literal for literal in decided if literal in found]
            # Clauses that tell extensions of one range apart hold only while their guard is assumed.
            guard = self._fresh()
            while (model := self._model([*here, guard])) is not None:
                extension = self._read(model)
                yield extension
                self._add([-guard, *self._differs(extension)])
            self._add([literal for literal in decided if literal not in found])

    def credulous(self) -> frozenset[int]:
        """Return the arguments that are in some complete (so also in some preferred) extension."""
        known, unknown = frozenset[int](), set(self._open)
        while (model := self._with_one_of(sorted(unknown))) is not None:
            known |= self._read(model)
            unknown -= known
        return known | (self._extension() or frozenset())

    def _with_one_of(self, arguments: list[int]) -> set[int] | None:
        """Return a model in which at least one of these arguments is in, and others of them too where that is easy."""
        self._try_first(set(arguments))
        guard = self._fresh()
        self._add([-guard, *(self.is_in(argument) for argument in arguments)])
        model = self._model([guard])
        self._add([-guard])
        return model

    def _largest(self, literals: list[int]) -> set[int] | None:
        """Return a model in which the true ones of these literals are as many as inclusion allows."""
        self._try_first(set(self._open))
        self._solver.set_phases(literals)
        model = self._model([])
        while model is not None:
            best = model
            guard = self._fresh()
            self._add([-guard, *(literal for literal in literals if literal not in best)])
            model = self._model([guard, *(literal for literal in literals if literal in best)])
            self._add([-guard])
            if model is None:
                return best
        return None

    def _try_first(self, wanted: set[int]) -> None:
        """Let the solver try first that these are in and the others out, so that few models are far from that."""
        phases: list[int] = []
        for argument in self._open:
            is_in, is_out = self.is_in(argument), self.is_out(argument)
            gives_way = argument not in wanted or any(
                other in wanted for other in self._attackers[argument]
            )
            phases += [is_in if argument in wanted else -is_in, is_out if gives_way else -is_out]
        self._solver.set_phases(phases)

    def _extension(self) -> frozenset[int] | None:
        model = self._model([])
        return None if model is None else self._read(model)

    def _model(self, assumptions: list[int]) -> set[int] | None:
        conflicts = _FIRST_CONFLICTS
        while True:
            if monotonic() > self._deadline:
                raise AnalysisTimeout(
                    "the search for extensions did not end in the time it was given"
                )
            self._solver.conf_budget(conflicts)
            answer = self._solver.solve_limited(assumptions=assumptions)
            if answer is False:
                return None
            if answer:
                return {literal for literal in self._solver.get_model() if literal > 0}
            conflicts *= 2

    def _read(self, model: Iterable[int]) -> frozenset[int]:
        return frozenset(literal - 1 for literal in model if literal <= self._size)

    def _differs(self, extension: frozenset[int]) -> list[int]:
        return [
            -self.is_in(argument) if argument in extension else self.is_in(argument)
            for argument in self._open
        ]

    def _add(self, clause: list[int]) -> None:
        self._solver.add_clause(clause)

    def _fresh(self) -> int:
        self._next += 1
        return self._next - 1
