"""How people word a query: sentence frames, as pairs (training frames, held-out test frames).

The two lists of a pair are disjoint: test sentences are made of words that training knows (but for FILLERS, which
carry no meaning), in an order that it never saw. Slots: {n} and {m} plural names of groups, {v} and {w} goals, {x} one
thing, {c} how often, {r} a relative clause without its "that". Its subject may be somebody else, as in "one can sit
on", so it only ever follows "that" or "which".
"""

Frames = tuple[list[str], list[str]]

FILLERS = ("also", "both", "so", "thing", "we")
NOTHING = "nothing like that is in this picture ."
PREFIXES = ["", "", "", "", "", "please help me : ", "here is a picture . ", "a question about this picture : "]

FRAMES: dict[str, Frames] = {
    "names": (
        [
            "find the {n}",
            "show me all {n}",
            "which of these are {n} ?",
            "mark every one of the {n}",
            "are there any {n} ?",
            "where are the {n} ?",
            "{n}",
            "select the {n} in this picture",
            "please segment the {n}",
            "i am looking for {n} , where are they ?",
            "look carefully at the whole picture and point out all of the {n}",
            "can you find the {n} for me ?",
            "point to the {n}",
            "do you see any {n} ?",
            "i need the {n} . show me where they are",
            "tell me where to look for {n}",
            "every one of the {n} that is here",
        ],
        ["can you point at the {n} ?", "all {n} in the picture , please", "i would like to see the {n}"],
    ),
    "relative": (
        [
            "what can be seen here that people know as things which {r} ?",
            "find all things that {r}",
            "are there things here which {r} ?",
            "show me the things that {r}",
            "mark those which {r}",
            "where are the things that {r} ?",
            "things that {r}",
            "which of the objects in this picture are things that {r} ?",
            "select everything that belongs to the things which {r}",
            "look around in the picture : some of these are things that {r} , which are they ?",
            "is there something in this picture that {r} ?",
            "i am looking for things which {r}",
            "do you see the objects which {r} ?",
            "point to everything that {r}",
            "select all those here that {r}",
        ],
        [
            "what do you see here of all the things which {r} ?",
            "point out all that {r}",
            "i would like to see things that {r}",
        ],
    ),
    "goal": (
        [
            "i want to {v}",
            "what could i use to {v} ?",
            "what helps me to {v} ?",
            "someone who wants to {v} , what should they take ?",
            "where could one {v} ?",
            "what would you use to {v} ?",
            "to {v} , what here is of use ?",
            "find something to {v}",
            "my friend would like to {v} . which of these things should i give to my friend ?",
            "suppose that you are about to {v} . show me what you need for that",
            "what in this picture is of help if i want to {v} ?",
            "it is time to {v} . what do i take ?",
            "show me everything that helps to {v}",
            "i would like to {v} , show me how",
            "what do people take to {v} ?",
            "if you are going to {v} , what do you look for ?",
        ],
        ["which thing is good to {v} ?", "we need to {v} , so what should we take ?", "i have to {v} , please help me"],
    ),
}
EDGES: dict[str, Frames] = {
    "left": (
        [
            "the leftmost of the {n}",
            "which of the {n} is furthest to the left ?",
            "among the {n} , find the one on the far left",
            "of all the {n} , which one is the leftmost ?",
            "find the {n} and then the leftmost of them",
            "select the one of the {n} that is more to the left than the others",
            "i am looking for the one of the {n} that is closest to the left edge",
        ],
        ["look at the {n} : find the one that is furthest to the left"],
    ),
    "right": (
        [
            "the rightmost of the {n}",
            "which of the {n} is furthest to the right ?",
            "among the {n} , find the one on the far right",
            "of all the {n} , which one is the rightmost ?",
            "find the {n} and then the rightmost of them",
            "select the one of the {n} that is more to the right than the others",
            "i am looking for the one of the {n} that is closest to the right edge",
        ],
        ["look at the {n} : find the one that is furthest to the right"],
    ),
    "top": (
        [
            "the topmost of the {n}",
            "which of the {n} is highest up in the picture ?",
            "among the {n} , find the one nearest to the upper edge",
            "of all the {n} , which one is the topmost ?",
            "find the {n} and then the topmost of them",
            "select the one of the {n} that is higher up than the others",
            "i am looking for the one of the {n} that is closest to the upper edge",
        ],
        ["look at the {n} : find the one that is highest up"],
    ),
    "bottom": (
        [
            "the lowest of the {n}",
            "which of the {n} is furthest down in the picture ?",
            "among the {n} , find the one nearest to the lower edge",
            "of all the {n} , which one is the lowest ?",
            "find the {n} and then the lowest of them",
            "select the one of the {n} that is further down than the others",
            "i am looking for the one of the {n} that is closest to the lower edge",
        ],
        ["look at the {n} : find the one that is furthest down"],
    ),
}
SIZES: dict[str, Frames] = {
    "large": (
        [
            "the largest of the {n}",
            "which of the {n} looks biggest ?",
            "compare the {n} and show me the biggest one",
            "of all the {n} , which one is the largest ?",
            "find the {n} and then the biggest of them",
            "select the one of the {n} that is larger than the others",
            "the {n} are not of one size : mark the largest",
        ],
        ["look at the {n} : find the one that looks biggest"],
    ),
    "small": (
        [
            "the smallest of the {n}",
            "which of the {n} looks smallest ?",
            "compare the {n} and show me the tiniest one",
            "of all the {n} , which one is the smallest ?",
            "find the {n} and then the tiniest of them",
            "select the one of the {n} that is smaller than the others",
            "the {n} are not of one size : mark the smallest",
        ],
        ["look at the {n} : find the one that looks smallest"],
    ),
}
NEAR: Frames = (
    [
        "which of the {n} is nearest to the {x} ?",
        "the one of the {n} that is closest to the {x}",
        "find the {x} , then its nearest neighbour among the {n}",
        "of all the {n} , the nearest to the {x}",
        "which one of the {n} is the closest neighbour of the {x} ?",
        "start from the {x} : which of the {n} is reached first ?",
        "show me the one of the {n} with the shortest way to the {x}",
        "look at the {x} : find the one of the {n} that is next to it",
        "select the one of the {n} that is least far from the {x}",
    ],
    ["among the {n} , which one is closest to the {x} ?"],
)
BESIDE: dict[str, Frames] = {
    "left": (
        [
            "the {n} to the left of the {x}",
            "which {n} are left of the {x} ?",
            "which {n} are further to the left than the {x} ?",
            "find the {n} on the left side of the {x}",
            "mark all {n} that are left of the {x}",
            "start from the {x} and look to the left : show me the {n}",
        ],
        ["left of the {x} , what {n} can be seen ?"],
    ),
    "right": (
        [
            "the {n} to the right of the {x}",
            "which {n} are right of the {x} ?",
            "which {n} are further to the right than the {x} ?",
            "find the {n} on the right side of the {x}",
            "mark all {n} that are right of the {x}",
            "start from the {x} and look to the right : show me the {n}",
        ],
        ["right of the {x} , what {n} can be seen ?"],
    ),
    "above": (
        [
            "the {n} above the {x}",
            "which {n} are higher up than the {x} ?",
            "which {n} are above the {x} ?",
            "find the {n} that are over the {x}",
            "mark all {n} that are further up than the {x}",
            "start from the {x} and look up : show me the {n}",
        ],
        ["above the {x} , what {n} can be seen ?"],
    ),
    "below": (
        [
            "the {n} below the {x}",
            "which {n} are lower than the {x} ?",
            "which {n} are below the {x} ?",
            "find the {n} that are under the {x}",
            "mark all {n} that are further down than the {x}",
            "start from the {x} and look down : show me the {n}",
        ],
        ["below the {x} , what {n} can be seen ?"],
    ),
}
COUNT: Frames = (
    [
        "the kind of {n} that can be seen {c}",
        "which kind of {n} occurs {c} ?",
        "among the {n} , find the kind that is here {c}",
        "find the kind of {n} that one can count {c}",
        "look at the {n} : which kind is here {c} ?",
        "some {n} are of a kind that occurs {c} : mark them",
        "which of the {n} are of a kind that you see {c} ?",
    ],
    ["show me the kind of {n} that is in this picture {c}"],
)
COUNT_WORDS = {1: ["only once", "one time"], 2: ["twice", "two times"], 3: ["three times"], 4: ["four times"]}
BOTH: Frames = (
    [
        "find the {n} and the {m}",
        "show me all {n} as well as all {m}",
        "{n} and {m}",
        "mark the {n} together with the {m}",
        "where are the {n} and where are the {m} ?",
        "select all {n} , then all {m}",
        "i am looking for {n} and for {m}",
    ],
    ["i would like to see both the {n} and the {m}"],
)
BOTH_GOALS: Frames = (
    [
        "i want to {v} and to {w}",
        "what do i need if i want to {v} and then {w} ?",
        "first i {v} , later i {w} . what should i take ?",
        "show me what helps to {v} and what helps to {w}",
        "what would you use to {v} , and what to {w} ?",
        "find something to {v} and something to {w}",
    ],
    ["what is good to {v} and also to {w} ?"],
)
EXCEPT: Frames = (
    [
        "the {n} that are not {m}",
        "find all {n} except the {m}",
        "which {n} do not belong to the {m} ?",
        "show me all {n} but not the {m}",
        "mark the {n} , leave out the {m}",
        "which of the {n} are not {m} ?",
    ],
    ["please select the {n} , except the {m}"],
)
