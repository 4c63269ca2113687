"""Rows of results: how one is made, and how all are shown."""


def row(name, figure, reference, ratio, goal, met, note=""):
    """One line of the table; `ratio`, `goal` and `met` may be None where nothing is asked for."""
    return {
        "row": name,
        "figure": figure,
        "reference": reference,
        "ratio": None if ratio is None else round(ratio, 3),
        "goal": goal,
        "met": met,
        "note": note,
    }


def spread(values, unit="/s"):
    """The median of some values with their smallest and largest."""
    return f"{middle(values):,.0f}{unit} ({min(values):,.0f} … {max(values):,.0f})"


def middle(values):
    values = sorted(values)
    half = len(values) // 2
    return values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2


def show(rows):
    titles = ["row", "figure", "reference", "ratio", "goal", "met"]
    lines = [
        [
            line["row"],
            line["figure"],
            line["reference"],
            "" if line["ratio"] is None else f"{line['ratio']:.2f}",
            line["goal"] or "",
            {None: "", True: "yes", False: "NO"}[line["met"]],
        ]
        for line in rows
    ]
    widths = [max(len(line[i]) for line in [titles] + lines) for i in range(len(titles))]
    print()
    for line in [titles, ["-" * width for width in widths]] + lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())
    for line in rows:
        if line["note"]:
            print(f"\n{line['row']}: {line['note']}")
