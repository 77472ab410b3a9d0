"""Directions and skills under every name people give them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.taxonomy import Taxonomy, TaxonomyError, load_default

TAXONOMY = load_default()


@pytest.mark.parametrize(
    ("spelling", "key"),
    [
        ("Golang", "go"),
        ("go", "go"),
        ("Го", "go"),
        ("JS", "javascript"),
        ("Java Script", "javascript"),
        ("Java", "java"),
        ("Постгрес", "postgresql"),
        ("k8s", "kubernetes"),
        ("кубер", "kubernetes"),
        ("Тестирование", "testing"),
        ("QA", "testing"),
        ("CI", "ci_cd"),
        ("ci cd", "ci_cd"),
        ("CJM", "cjm"),
        ("Customer Journey Map", "cjm"),
        ("ML", "machine_learning"),
        ("Машинное обучение", "machine_learning"),
        ("1С", "one_c_enterprise"),
        ("1C", "one_c_enterprise"),
        ("1с 8.3", "one_c_enterprise"),
        ("C", "c_language"),
        ("С", "c_language"),
        ("C++", "cpp"),
        ("С++", "cpp"),
        ("C#", "csharp"),
        (".NET", "dotnet"),
        ("R", "r_language"),
        ("Node JS", "nodejs"),
        ("NODE.JS", "nodejs"),
        ("Python 3.12", "python"),
        ("Angular 2+", "angular"),
        ("Подготовка к собеседованиям", "interview_preparation"),
        ("ёмейл", None),
        ("Бэкенд", None),
        ("", None),
        ("+", None),
    ],
)
def test_a_whole_entry_is_one_skill_however_it_is_spelt(spelling: str, key: str | None) -> None:
    assert TAXONOMY.find_skill(spelling) == key


@pytest.mark.parametrize(
    ("spelling", "key", "other"),
    [
        ("Polars", "polars", "pandas"),
        ("SciPy", "scipy", "numpy"),
        ("RxSwift", "rxswift", "rxjava"),
        ("VB.NET", "vb_net", "vba"),
        ("Dagster", "dagster", "airflow"),
        ("YouTrack", "task_trackers", "jira"),
        ("Adobe XD", "adobe_xd", "sketch"),
        ("Raspberry Pi", "raspberry_pi", "arduino"),
        ("Vitest", "vitest", "jest"),
        ("TOGAF", "togaf", "c4"),
    ],
)
def test_a_rival_is_no_other_name_for_a_thing(spelling: str, key: str, other: str) -> None:
    assert TAXONOMY.find_skill(spelling) == key
    assert other in TAXONOMY.skills


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("javascript", ["javascript"]),
        ("Пишу на JavaScript", ["javascript"]),
        ("django и google", ["django"]),
        ("Let's go home", []),
        ("ну го гулять", []),
        ("R&D отдел", []),
        ("с нуля до C-level", ["c_level"]),
        ("Go-разработчик", ["go"]),
        ("Стек: Go, Kafka, PostgreSQL", ["go", "kafka", "postgresql"]),
        ("Backend (Go)", ["go"]),
        ("пишу на Go", ["go"]),
        ("Spring Boot, Spring", ["spring_boot", "spring"]),
        ("React Native, а не React", ["react_native", "react"]),
        ("Помогу с подготовкой к собеседованиям", ["interview_preparation"]),
        ("MySQL", ["mysql"]),
        ("Беру 5000 руб, хочу расти, опыт два года, мир игр, разработка софта", []),
        ("Пишу на Rust", ["rust"]),
        ("Стек: Руби, Раст", ["ruby", "rust"]),
        ("sql sql SQL", ["sql"]),
    ],
)
def test_running_text_names_skills_by_whole_words_only(text: str, keys: list[str]) -> None:
    assert list(TAXONOMY.skills_in(text)) == keys


def test_java_is_not_found_inside_javascript() -> None:
    assert "java" not in TAXONOMY.skills_in("JavaScript, javascript-разработчик, java-script")


@pytest.mark.parametrize(
    ("title", "keys"),
    [
        ("Senior Python-разработчик", ["backend"]),
        ("Тимлид backend", ["leadership", "backend"]),
        ("Product Manager", ["product"]),
        ("Продакт", ["product"]),
        ("QA Automation", ["qa"]),
        ("Системный аналитик", ["system_analysis"]),
        ("Бизнес-аналитик", ["business_analysis"]),
        ("Продуктовый аналитик", ["analytics"]),
        ("1С-программист", ["one_c"]),
        ("1C developer", ["one_c"]),
        ("DevOps-инженер", ["devops"]),
        ("Head of Design", ["leadership", "design"]),
        ("Data Scientist / ML", ["data_science"]),
        ("Data Engineer", ["data_engineering"]),
        ("Senior Go Developer", ["backend"]),
        ("Java Team Lead", ["backend", "leadership"]),
        ("iOS Tech Lead", ["mobile", "leadership"]),
        ("Fullstack-разработчик", ["backend", "frontend"]),
        ("Фуллстек", ["backend", "frontend"]),
        ("React-разработчик", ["frontend"]),
        ("UX/UI дизайнер", ["design"]),
        ("Продуктовый дизайнер", ["design"]),
        ("Unity-разработчик", ["gamedev"]),
        ("Руководитель отдела тестирования", ["leadership", "qa"]),
        ("Project/Product Manager", ["project", "product"]),
        ("Scrum-мастер", ["project"]),
        ("HRBP", ["hr"]),
        ("Инженер ИБ", ["security"]),
        ("CTO", ["leadership", "architecture"]),
        ("Embedded C разработчик", ["embedded"]),
        ("System Design Interview", []),
        ("Google manager", []),
        ("Бухгалтер", []),
    ],
)
def test_a_free_title_tells_its_directions(title: str, keys: list[str]) -> None:
    assert list(TAXONOMY.directions_in(title)) == keys


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("backend", "backend"),
        ("Бекенд", "backend"),
        ("data_science", "data_science"),
        ("Product", "product"),
        ("Full-stack", "backend"),
        ("Кулинария", None),
    ],
)
def test_a_whole_entry_is_one_direction(name: str, key: str | None) -> None:
    assert TAXONOMY.find_direction(name) == key


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("кубирнетис", "kubernetes"),
        ("postgress", "postgresql"),
        ("javscript", "javascript"),
        ("Pyhton", "python"),
    ],
)
def test_a_misspelling_finds_the_skill_it_looks_like(typed: str, first: str) -> None:
    assert TAXONOMY.nearest_skills(typed)[0] == first


@pytest.mark.parametrize("typed", ["варка кофе", "x", "", "🙂"])
def test_nothing_is_near_to_nonsense(typed: str) -> None:
    assert TAXONOMY.nearest_skills(typed) == ()


@settings(deadline=None)
@given(st.text(max_size=40), st.integers(1, 5))
def test_the_nearest_skills_are_known_different_and_few(typed: str, limit: int) -> None:
    found = TAXONOMY.nearest_skills(typed, limit)
    assert len(found) == len(set(found)) <= limit
    assert set(found) <= TAXONOMY.skills.keys()


@pytest.mark.parametrize(
    ("field", "known", "free"),
    [
        ("Golang, go; Го", ["go"], []),
        ("JS/TS, варка кофе, Варка  кофе", ["javascript", "typescript"], ["варка кофе"]),
        ("Python (Django, FastAPI), SQL", ["python", "django", "fastapi", "sql"], []),
        ("HTML + CSS\nC/C++", ["html", "css", "cpp"], []),
        ("Kafka и RabbitMQ", ["kafka", "rabbitmq"], []),
        ("React/Рыбалка", [], ["React/Рыбалка"]),
        (" , ;; ", [], []),
    ],
)
def test_a_field_of_skills_is_told_apart_into_known_and_free(
    field: str, known: list[str], free: list[str]
) -> None:
    assert TAXONOMY.read_skills(field) == (tuple(known), tuple(free))


def test_the_taxonomy_is_as_wide_as_the_market() -> None:
    market = (
        "leadership product project backend marketing design frontend business_analysis system_analysis qa"
        " mobile hr data_science devops gamedev data_engineering one_c security"
    )
    assert set(market.split()) <= TAXONOMY.directions.keys()
    assert len(TAXONOMY.skills) >= 350


def test_every_direction_has_skills_of_its_own() -> None:
    firsts = {skill.directions[0] for skill in TAXONOMY.skills.values() if skill.directions}
    assert firsts >= TAXONOMY.directions.keys() - {"architecture"} - {"entrepreneurship"}


def test_a_skill_frequent_in_the_market_is_known() -> None:
    names = """
        interview preparation; career growth; CV writing; job search; Scrum; product metrics; REST API;
        hiring; SQL; Git; UX; Python; Kanban; PostgreSQL; Docker; JavaScript; unit economics; customer
        development; Figma; Jira; HTML; CSS; Java; A/B testing; TypeScript; React; CI/CD; Kafka;
        microservices; Linux; algorithms; BPMN; test automation; MongoDB; Kubernetes; Postman; UML;
        Redux; PHP; Go; Node.js; RabbitMQ; MySQL; C#; machine learning; Kotlin; Spring; iOS; Redis;
        Swift; Vue.js; ClickHouse; Django; Pandas; AWS; Next.js; Spring Boot; Prometheus; Grafana
    """
    assert [name for name in names.split(";") if TAXONOMY.find_skill(name) is None] == []


def test_every_name_and_alias_finds_its_own_skill() -> None:
    for skill in TAXONOMY.skills.values():
        for name in (*skill.names.values(), *skill.aliases, *skill.entry_only, skill.key):
            assert TAXONOMY.find_skill(name) == skill.key, name


def test_parents_lead_from_a_framework_to_its_language() -> None:
    def ancestors(key: str) -> set[str]:
        parents = TAXONOMY.skills[key].parents  # type: ignore[index]
        return {*parents, *(above for parent in parents for above in ancestors(parent))}

    assert ancestors("spring_boot") >= {"spring", "java"}
    assert ancestors("nextjs") >= {"react", "javascript"}
    assert ancestors("django") == {"python"}


@pytest.mark.parametrize(
    ("key", "language", "name"),
    [
        ("go", "ru", "Go"),
        ("cv_writing", "ru", "Составление резюме"),
        ("cv_writing", "en", "CV writing"),
        ("?", "ru", "?"),
    ],
)
def test_a_skill_has_a_name_in_each_language_and_an_unknown_one_its_key(
    key: str, language: str, name: str
) -> None:
    assert TAXONOMY.skill_name(key, language) == name


def test_a_direction_has_a_name_in_each_language_and_an_unknown_one_its_key() -> None:
    assert TAXONOMY.direction_name("backend", "ru") == "Бэкенд"
    assert TAXONOMY.direction_name("backend", "en") == "Backend"
    assert TAXONOMY.direction_name("cooking", "en") == "cooking"


def test_the_version_changes_with_the_text() -> None:
    text = '[skills]\ngo = { name = "Go" }\n'
    assert Taxonomy.parse(text).version == Taxonomy.parse(text).version
    assert Taxonomy.parse(text).version != Taxonomy.parse(text + "# more").version


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[skills]\ngo = [1", "not valid TOML"),
        ("[skill]\n", "taxonomy: line 1, skill: no such table"),
        ("skills = 3", "must be a table"),
        ('[skills]\nGo = { name = "Go" }', "line 2, Go: a key is small Latin letters"),
        ("[skills]\ngo = 3", "line 2, go: must be a table"),
        ("[skills]\ngo = {}", "line 2, go: needs a name"),
        ('[skills]\ngo = { ru = "Го" }', "line 2, go: needs a name"),
        ('[skills]\ngo = { name = "Go", alias = ["x"] }', "line 2, go: unknown field 'alias'"),
        ('[skills]\ngo = { name = "Go", aliases = "x" }', "line 2, go: aliases must be a list"),
        ('[skills]\ngin = { name = "Gin", parents = ["go"] }', "line 2, gin: there is no parent skill 'go'"),
        ('[skills]\ngo = { name = "Go", directions = ["x"] }', "line 2, go: there is no direction 'x'"),
        ('[titles]\n"full stack" = ["x"]', "line 2, full stack: there is no direction 'x'"),
        (
            '[skills]\na = { name = "A1", parents = ["b"] }\nb = { name = "B1", parents = ["a"] }',
            "its own ancestor",
        ),
        (
            '[skills]\na = { name = "One" }\nb = { name = "Two", aliases = ["one"] }',
            "line 3, b: 'one' means both",
        ),
        ('[directions.a]\nname = "One"\n[titles]\n"one" = []', "line 4, one: 'one' means both"),
        ('[directions.a]\nname = "One"\n[directions.b]\nname = "ONE"', "line 3, b: 'ONE' means both"),
    ],
)
def test_a_mistake_in_the_file_is_told_with_its_place(text: str, complaint: str) -> None:
    with pytest.raises(TaxonomyError) as caught:
        Taxonomy.parse(text)
    assert complaint in str(caught.value)


@settings(deadline=None)
@given(st.text(max_size=80))
def test_any_text_can_be_looked_through(text: str) -> None:
    assert set(TAXONOMY.skills_in(text)) <= TAXONOMY.skills.keys()
    assert set(TAXONOMY.directions_in(text)) <= TAXONOMY.directions.keys()
    known, free = TAXONOMY.read_skills(text)
    assert set(known) <= TAXONOMY.skills.keys()
    assert all(entry.strip() == entry != "" for entry in free)
