"""Finished answers in memory: bounded in bytes, the least lately used leaves first."""

from api.responses.kept import ENTRY_BYTES, Kept


def test_it_never_takes_more_than_its_limit() -> None:
    kept = Kept(10 * (ENTRY_BYTES + 100))
    for number in range(100):
        kept.put(number, bytes(100), 100)
        assert kept.size <= 10 * (ENTRY_BYTES + 100)
    assert kept.get(89) is None
    assert kept.get(90) is not None
    kept.put("x", b"", 100)  # 91 leaves, as 90 was asked for last
    assert kept.get(90) is not None
    assert kept.get(91) is None


def test_what_is_larger_than_all_of_it_is_not_kept_and_a_key_counts_once() -> None:
    kept = Kept(2 * ENTRY_BYTES)
    kept.put("large", bytes(10_000), 10_000)
    assert kept.get("large") is None
    for _ in range(5):
        kept.put("a", b"1", 1)
    assert kept.size == ENTRY_BYTES + 1
