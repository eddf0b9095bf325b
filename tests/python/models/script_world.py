"""A labelled world of near matches in three scripts: Latin with accents, Cyrillic and Han.

Each side has its own e-mail address, phone and tax id are unknown, so name and address decide, as for
most customers that are absent. Names and streets come from short lists: the master is full of
namesakes, families and neighbours.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count

from near_match_world import PROVIDERS, Party, World, listed


@dataclass(frozen=True)
class Script:
    """How people and companies of one script are named, and where they live."""

    given: tuple[str, ...]
    family: tuple[str, ...]
    things: tuple[str, ...]
    trades: tuple[str, ...]
    cities: tuple[str, ...]
    streets: tuple[str, ...]
    company_form: str
    other_form: str
    person_form: str
    street_form: str
    short_street_form: str
    joined_by: str
    country: str


LATIN = Script(
    given=listed("Zoë Jérôme Åsa Łukasz Søren Begoña Jürgen Żaneta François Núria Hélène Ángel Dóra "
                 "Íñigo Märta Günter Élodie Tomáš Björn Mónica Renée Ñuflo Öykü Vítor"),
    family=listed("Müller Núñez Lefèvre Kowalczyk Ångström Häkkinen Novák Sørensen García Çelik "
                  "Grünwald Peña Dvořák Lindström Bäcker Gonçalves Kučera Fernández Dubé Weiß "
                  "Martínez Østergård Hübner Żukowski Bérenger Šimek Rodríguez Jørgensen"),
    things=listed("Étoile Bergwälder Köln Açaí Forêt Fjällgård Señorío Grün Mañana Brücke Château "
                  "Zürisee Rosé Ødegård Castaño Hällefors Blå Côte Dämmerung Préau"),
    trades=listed("Möbel Pâtisserie Café Spedition Läkemedel Panadería Librería Blumen Kläder Fleurs "
                  "Getränke Vêtements Maschinen Décor Gewürze"),
    cities=listed("Tübingen Málaga Orléans Göteborg Łódź Århus Córdoba Plzeň Besançon Würzburg"),
    streets=listed("Schön Königs Église Águila Löwen Forêt Dvořák Mühlen Château Peñón Öster "
                   "Kościuszki Garçon Nägeli Söder Frühling"),
    company_form="{0} {1} GmbH", other_form="{0} {1}", person_form="{0} {1}",
    street_form="{0} Straße {1}", short_street_form="{1} {0} Str.", joined_by=" ",
    country="DE",
)  # fmt: skip
CYRILLIC = Script(
    given=listed("Анна Борис Виктор Галина Дмитрий Елена Жанна Зинаида Иван Кирилл Лариса Марина "
                 "Николай Ольга Павел Роман Светлана Тимофей Ульяна Фёдор Юлия Яков Сергей Наталья"),
    family=listed("Андреев Белов Васильев Громов Данилов Ершов Жуков Зайцев Ильин Козлов Лебедев "
                  "Морозов Никитин Орлов Павленко Рыбаков Семёнов Тарасов Ушаков Филатов Шевченко "
                  "Щербаков Юдин Яковлев Гончар Мельник Кравцов Соболь"),
    things=listed("Север Берёза Восток Горизонт Заря Звезда Исток Каскад Лотос Маяк Нева Океан Парус "
                  "Радуга Сокол Тайга Урал Феникс Янтарь Эверест"),
    trades=listed("Торг Строй Мебель Логистика Аптека Текстиль Металл Пекарня Электро Техника "
                  "Продукты Книги Цветы Обувь Кофе"),
    cities=listed("Вологда Казань Тверь Пермь Самара Омск Рязань Калуга Псков Тула"),
    streets=listed("Садовая Лесная Школьная Речная Заводская Полевая Зелёная Мирная Советская Горная "
                   "Озёрная Степная Вокзальная Парковая Новая Южная"),
    company_form="ООО {0} {1}", other_form="{0}-{1}", person_form="{0} {1}",
    street_form="ул. {0}, {1}", short_street_form="{0} улица {1}", joined_by=" ",
    country="KZ",
)  # fmt: skip
HAN = Script(
    given=listed("小明 建国 淑芬 志强 美玲 文博 雅婷 俊杰 晓燕 国栋 丽华 嘉豪 思远 玉兰 天宇 雪梅 永康 佳怡 振华 海涛 "
                 "春燕 宏伟 静怡 子涵"),
    family=listed("王 李 张 刘 陈 杨 黄 赵 周 吴 徐 孙 马 朱 胡 郭 何 林 高 罗 欧阳 司马 上官 诸葛 梁 宋 唐 许"),
    things=listed("星辰 东方 长城 金鼎 海天 绿源 华盛 瑞丰 恒达 嘉禾 云峰 锦绣 百川 鸿运 新世纪 天翔 宏图 安泰 永兴 明珠"),
    trades=listed("贸易 食品 电子 家具 物流 服装 医药 机械 文具 建材 茶叶 花卉 五金 化工 印刷"),
    cities=listed("上海市 北京市 广州市 杭州市 成都市 南京市 武汉市 西安市 苏州市 青岛市"),
    streets=listed("世纪大道 人民路 中山北路 解放街 和平里 长江西路 建设大道 文化宫路 新华街 滨江东路 学府路 花园南路 "
                   "工业园路 湖滨路 天府大街 光明巷"),
    company_form="{0}{1}有限公司", other_form="{0}{1}", person_form="{1}{0}",
    street_form="{0}{1}号", short_street_form="{0} {1} 号", joined_by="",
    country="CN",
)  # fmt: skip
SCRIPTS = {"Latin with accents": LATIN, "Cyrillic": CYRILLIC, "Han": HAN}
NUMBERS = count(1)


def own_email(dice: random.Random) -> str:
    """Draw an address that no one else has, half of them at a domain of their own."""
    number = next(NUMBERS)
    is_provider = dice.random() < 0.5
    return f"box{number}@{dice.choice(PROVIDERS) if is_provider else f'own{number}.example'}"


def home(script: Script, dice: random.Random) -> dict[str, str]:
    """Draw street, city and postal code (ten codes a city)."""
    city = dice.randrange(len(script.cities))
    street = script.street_form.format(dice.choice(script.streets), dice.randrange(1, 120))
    return {"street": street, "city": script.cities[city],
            "postal_code": f"{city + 1}{dice.randrange(10)}0{dice.randrange(10)}1"}  # fmt: skip


def member(key: str, script: Script, dice: random.Random, is_company: bool) -> Party:
    """Draw one customer of the master."""
    if is_company:
        words = [dice.choice(script.things), dice.choice(script.trades)]
        if dice.random() < 0.6:
            words[0] += script.joined_by + dice.choice(script.things)
        name = script.company_form.format(*words)
    else:
        name = script.person_form.format(dice.choice(script.given), dice.choice(script.family))
    return Party(key, name, own_email(dice), None, **home(script, dice), phone=None,
                 country=script.country)  # fmt: skip


def same_but_email(party: Party, script: Script, dice: random.Random) -> Party:
    """Only the e-mail is another."""
    return party


def typo(party: Party, script: Script, dice: random.Random) -> Party:
    """A slip in the name of four letters or more, else a blank inside."""
    if len(party.name) < 6:
        return replace(party, name=f"{party.name[0]} {party.name[1:]}")
    return replace(party, name=slipped_in(party.name, dice))


def slipped_in(text: str, dice: random.Random) -> str:
    """Return the text with one letter dropped or swapped with the next: every script has both."""
    at = dice.randrange(1, len(text) - 1)
    if dice.random() < 0.5:
        return text[:at] + text[at + 1 :]
    return text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :]


def without_accents(party: Party, script: Script, dice: random.Random) -> Party:
    """Upper case, Ё as Е, no accents, as old systems write."""
    letters = unicodedata.normalize("NFD", party.name)
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return replace(party, name=plain.upper(), city=(party.city or "").upper())


def other_order(party: Party, script: Script, dice: random.Random) -> Party:
    """The words in another order, or a blank less or more."""
    words = party.name.split()
    if len(words) == 1:
        return replace(party, name=f"{party.name[:-2]} {party.name[-2:]}")
    return replace(party, name=" ".join(reversed(words)))


def street_otherwise(party: Party, script: Script, dice: random.Random) -> Party:
    """The street in another notation and without the district, one letter of the city less."""
    number = "".join(c for c in party.street or "" if c.isdigit())
    street = next(name for name in script.streets if name in (party.street or ""))
    return replace(party, street=script.short_street_form.format(street, number),
                   city=(party.city or "")[:-1])  # fmt: skip


def wrong_postal_code(party: Party, script: Script, dice: random.Random) -> Party:
    """Two digits of the postal code swapped."""
    code = party.postal_code or ""
    return replace(party, postal_code=code[0] + code[2] + code[1] + code[3:])


def half_name(party: Party, script: Script, dice: random.Random) -> Party:
    """Only a part of the name: the last word; in Han, without the legal form or the given name."""
    words = party.name.replace("有限公司", "").split()
    shorter = max(words, key=len) if len(words) > 1 else words[0]
    return replace(party, name=shorter if shorter != party.name else party.name[:1])


def moved(party: Party, script: Script, dice: random.Random) -> Party:
    """The same name at another street of the same postal code."""
    return replace(party, street=home(script, dice)["street"])


# --- look-alikes ----------------------------------------------------------------------------
def namesake(party: Party, script: Script, dice: random.Random) -> Party:
    """The same name elsewhere."""
    there = home(script, dice)
    while there["city"] == party.city:
        there = home(script, dice)
    return replace(party, **there)


def neighbour(party: Party, script: Script, dice: random.Random) -> Party:
    """Another name in the same home."""
    names = (*script.given, *script.family, *script.things)
    taken = [name for name in names if name in party.name]
    other = party
    while any(name in other.name for name in taken):
        other = member(party.key, script, dice, party.key[1] == "C")
    return replace(other, street=party.street, city=party.city, postal_code=party.postal_code)


Change = Callable[[Party, Script, random.Random], Party]
SAME: tuple[Change, ...] = (
    same_but_email, typo, without_accents, other_order, street_otherwise, wrong_postal_code,
    half_name, moved,
)  # fmt: skip
OTHER: tuple[Change, ...] = (namesake, neighbour)


def drawn(script: Script, seed: int = 20260412, master: int = 2000, per_kind: int = 40) -> World:
    """Draw a master of that many customers and `per_kind` absent customers of every kind."""
    dice = random.Random(seed)
    world = World()
    world.d365 = [member(f"D{'PC'[number % 2]}{number:05d}", script, dice, number % 2 == 1)
                  for number in range(master)]  # fmt: skip
    chosen = iter(dice.sample(world.d365, per_kind * len(SAME + OTHER)))
    for change in SAME + OTHER:
        for number in range(per_kind):
            party = next(chosen)
            key = f"{change.__name__}:{number}"
            world.absent.append(
                replace(change(party, script, dice), key=key, email=own_email(dice))
            )
            world.kind[key] = change.__name__
            if change in SAME:
                world.truth[key] = party.key
    return world
