"""Group texts, and name what each group is about."""

from kmosaic import classify_documents

ABOUT = {
    "cooking": "Stir the {} into the hot sauce, add salt and pepper, and let the pan simmer.",
    "football": "The striker scored twice against {} before the referee ended the match.",
    "astronomy": "Through the telescope the orbit of {} around its star was measured.",
}
WORDS = {
    "cooking": ["onions", "carrots", "garlic", "mushrooms", "tomatoes", "lentils", "butter"],
    "football": ["Rovers", "United", "Athletic", "Wanderers", "City", "Albion", "Rangers"],
    "astronomy": ["Kepler", "Mars", "Saturn", "Vega", "Sirius", "Titan", "Ceres"],
}
texts = [ABOUT[topic].format(word) for topic in ABOUT for word in WORDS[topic]]

run = classify_documents(texts, 3, seed=0)
for cluster, size in enumerate(run.assignment.sizes):
    first = texts[run.assignment.members(cluster)[0]]
    print(f"{size} about {run.names[cluster]}: {first}")
