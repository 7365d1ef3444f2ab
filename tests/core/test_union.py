"""Things joined two by two have one root together, and another than the rest."""

from hypothesis import given
from hypothesis import strategies as st

from argmap.model import union


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=20))
def test_things_have_the_same_root_exactly_when_joins_lead_from_one_to_the_other(joins):
    parents = {thing: thing for thing in range(13)}
    groups = {thing: {thing} for thing in parents}
    for one, other in joins:
        parents[union.root(parents, one)] = union.root(parents, other)
        together = groups[one] | groups[other]
        groups.update(dict.fromkeys(together, together))
    for one in parents:
        for other in parents:
            same = union.root(parents, one) == union.root(parents, other)
            assert same == (other in groups[one])
