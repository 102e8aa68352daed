import numpy as np
import pytest

from kmosaic._errors import InputError
from kmosaic._plan import check_different, check_enough, choose_starts, count_distinct


def test_as_many_clusters_as_images_are_possible() -> None:
    check_enough(5, 5, "in photos")


@pytest.mark.parametrize("n_clusters", [0, -3])
def test_fewer_than_one_cluster_is_an_error(n_clusters: int) -> None:
    with pytest.raises(InputError, match="n_clusters must be 1 or more"):
        check_enough(n_clusters, 5, "in photos")


def test_an_error_says_how_many_clusters_are_possible() -> None:
    with pytest.raises(InputError, match="Ask for at most 5 clusters"):
        check_enough(6, 5, "in photos")


def test_one_image_is_told_in_the_singular() -> None:
    with pytest.raises(InputError, match=r"there is 1 in photos\. Ask for at most 1 cluster\.$"):
        check_enough(6, 1, "in photos")


def test_without_an_image_no_number_of_clusters_is_recommended() -> None:
    with pytest.raises(InputError, match=r"there are none that can be read\.$"):
        check_enough(6, 0, "that can be read")


def test_images_that_are_all_the_same_are_told_so() -> None:
    with pytest.raises(InputError, match="All 4 images look the same"):
        check_different(2, np.ones((4, 3)))
    check_different(1, np.ones((4, 3)))


def test_fewer_different_images_than_clusters_are_told() -> None:
    with pytest.raises(InputError, match="there are 2 that differ"):
        check_different(3, np.array([[0.0], [0.0], [1.0]]))


def test_distinct_rows_are_counted_no_further_than_needed() -> None:
    X = np.repeat(np.arange(4.0)[:, None], 3, axis=0)
    assert count_distinct(X, enough=10) == 4
    assert count_distinct(X, enough=2) == 2


def test_both_zeros_are_the_same() -> None:
    assert count_distinct(np.array([[0.0], [-0.0]]), enough=2) == 1


def test_a_number_of_starts_that_was_asked_for_is_kept() -> None:
    assert choose_starts(7, n=10**9, d=10**4, k=10**4) == 7


def test_cheap_starts_are_many_and_costly_ones_few() -> None:
    chosen = [choose_starts("auto", n, 48, 10) for n in (1_000, 70_000, 10**7)]
    assert chosen == sorted(chosen, reverse=True)
    assert chosen[0] > 1
    assert chosen[-1] == 1


def test_no_start_is_an_error() -> None:
    with pytest.raises(InputError, match="n_init must be 'auto' or 1 or more"):
        choose_starts(0, n=10, d=2, k=2)
