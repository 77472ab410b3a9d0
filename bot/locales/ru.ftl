### Каждый текст, который читает человек. Разметка — HTML Телеграма.

## Анкета

hello =
    👋 Я подберу вам ментора в IT: задам до шести вопросов, покажу троих и объясню, почему именно они.

    <i>Я храню ваши ответы и то, каких менторов вы открывали, чтобы подбирать точнее; кроме команды сервиса, ответы увидит только ментор, которому вы отправите заявку. Отвечая на вопросы, вы с этим соглашаетесь.</i>

    Вы сами ментор? Ваша анкета — /my
question-head = <b>{ $number } из { $total }</b> · { $title }
question-editing = <b>Меняем ответ</b> · { $title }
ask-direction = Какое направление?
hint-direction = Нажмите на подходящее или напишите своё.
ask-goals = Чего хотите добиться?
hint-goals = Можно выбрать до трёх.
ask-level = Ваш уровень сейчас?
hint-level = Найду того, кто на шаг-другой впереди вас.
ask-skills = С чем нужна помощь?
hint-skills = Отметьте главное или напишите своё через запятую.
ask-budget = Сколько готовы платить за час и как удобно заниматься?
hint-budget = Можно написать и свою сумму в рублях.
ask-about = Что ещё важно?
hint-about = Напишите своими словами, до 1000 знаков: что не получается, к чему готовитесь, каким должен быть ментор.
written = Сейчас записано: «{ $words }»

button-next = Дальше →
button-done = Готово ✓
button-skip = Пропустить →
button-skip-any = Не важно →
button-skip-direction = Пока не знаю →
button-skip-about = Показать менторов →
button-back = ← Назад
button-keep = ← Оставить как есть
option-chosen = ✓ { $option }

option-goals-first-job = Первая работа
option-goals-interviews = Собеседования
option-goals-next-grade = Следующий грейд
option-goals-switch = Сменить стек или роль
option-goals-raise = Повышение или оффер
option-goals-cv = Резюме и портфолио
option-goals-code-review = Ревью кода или проект
option-goals-leading = Руководить людьми
option-goals-other = Другое
option-level-novice = Учусь с нуля
option-level-junior = Junior
option-level-middle = Middle
option-level-senior = Senior
option-level-lead = Лид, руководитель
option-level-head = Руководитель направления
option-budget = до { $amount } ₽
option-budget-0 = Бесплатно
option-formats-one-off = Разово
option-formats-regular = Регулярно
option-formats-after-offer = Оплата после оффера
option-languages-ru = русский
option-languages-en = английский
option-languages-de = немецкий
option-languages-fr = французский
option-languages-es = испанский
option-languages-it = итальянский
option-languages-pt = португальский
option-languages-uk = украинский
option-languages-be = белорусский
option-languages-kk = казахский
option-languages-uz = узбекский
option-languages-ky = киргизский
option-languages-hy = армянский
option-languages-ka = грузинский
option-languages-az = азербайджанский
option-languages-sr = сербский
option-languages-pl = польский
option-languages-cs = чешский
option-languages-tr = турецкий
option-languages-he = иврит
option-languages-zh = китайский
option-languages-tt = татарский
option-languages-ja = японский
option-languages-ko = корейский
option-languages-ar = арабский
option-languages-nl = нидерландский

notice-too-many = Здесь можно выбрать не больше { $limit }. Снимите что-нибудь, чтобы добавить новое.
notice-too-many-goals = Получается больше { $limit } целей. Оставьте главные: лишние снимаются кнопками.
notice-too-many-skills = Получается больше { $limit } навыков. Оставьте главные: лишние снимаются кнопками.
notice-too-long = Слишком длинно: здесь помещается { $limit } знаков. Напишите, пожалуйста, короче.
notice-too-short = Слишком коротко: напишите хотя бы { $limit } знаков.
notice-too-long-skill = Слишком длинно для одного навыка: до { $limit } знаков. Разделите навыки запятыми, а подробности расскажете отдельно.
notice-tap-please = Здесь нужно нажать на кнопку.
notice-text-please = Здесь нужен текст: стикеры и картинки я читать не умею.
notice-unknown-direction = Не знаю направления «{ $words }». Выберите ближайшее или пропустите вопрос.
notice-unknown-skills = Не знаю «{ $words }», но записал и поищу эти слова в анкетах менторов.
notice-unknown-skills-near = Не знаю «{ $words }», но записал и поищу эти слова в анкетах менторов. Если вы про что-то похожее, оно первым на кнопках.
notice-not-a-number = Не понял сумму «{ $words }». Напишите одно число в рублях, до { $limit }, например 4500.
notice-other-currency = Я считаю только в рублях. Напишите сумму в рублях, до { $limit }, например 4500.
notice-noted = Записал: { $words }
notice-stale = Эта кнопка уже не действует. Вот где мы сейчас.
notice-not-understood = Я понимаю кнопки и команды. Вот что можно сделать:
notice-unknown-command = Такой команды нет. Что я умею — в /help, а остановились мы здесь.
notice-cancelled = Анкета отменена. Захотите — начнём новую.
notice-cancelled-kept = Отменил. Прежние ответы и подбор на месте.
notice-nothing-to-cancel = Отменять нечего: анкета не заполняется.

review-title = <b>Ваши ответы</b>
review-line = { $title } <b>{ $answer }</b>
review-hint = Нажмите на то, что хотите изменить.
review-nothing = не важно
review-direction = Направление:
review-goals = Цель:
review-level = Уровень:
review-skills = Навыки:
review-budget = Бюджет и формат:
review-about = Своими словами:
button-edit-direction = Направление
button-edit-goals = Цель
button-edit-level = Уровень
button-edit-skills = Навыки
button-edit-budget = Бюджет и формат
button-edit-about = Своими словами
button-show = Показать менторов

welcome-back = С возвращением! Подберём ментора?
button-latest = Мой подбор
button-edit = Изменить ответы
button-new = Новая анкета

## Подбор

shortlist-title = { $count ->
    [one] <b>Вам подходит { $count } ментор</b>
    [few] <b>Вам подходят { $count } ментора</b>
   *[many] <b>Вам подходят { $count } менторов</b>
}
shortlist-few = { $count ->
    [one] <b>Вам подходит { $count } ментор. Остальные — ближе всего</b>
   *[other] <b>Вам подходят { $count } ментора. Остальные — ближе всего</b>
}
shortlist-near = <b>Точного совпадения нет. Вот кто ближе всего</b>
shortlist-more = <b>Ещё менторы</b>
surprise-title = 🎲 <b>Вы искали не это, но вдруг</b>
shortlist-empty =
    <b>Пока показать некого.</b>

    Свободных менторов в каталоге сейчас нет — или вы убрали всех. Загляните позже.
surprise-title-first = 🎲 <b>Вдруг это ваш ментор</b>
surprise-empty = Удивить пока некем: свободных менторов в каталоге нет. Загляните позже.
started-over = Вы видели уже всех — начинаю сначала.
relaxed = Точно под запрос нашлось мало, поэтому уступил в этом: { $limits }.
limit-timezone = часовой пояс
limit-format = формат
limit-level = уровень
limit-budget = бюджет
limit-language = язык
limit-skills = навыки
limit-direction = направление
legend = <i>ℹ️ подробнее · ✍️ написать · ☆ сохранить · ✕ не подходит</i>
card-numbered = { $number }. { $name }
card-title = { $title }
card-title-company = { $title } · { $company }
card-facts = { $price } · { $rating }
card-life = 🕓 { $life }
card-confirmed = на связи { $day }
card-answers-soon = обычно отвечает в течение часа
card-answers-hours = { $count ->
    [one] обычно отвечает за { $count } час
    [few] обычно отвечает за { $count } часа
   *[many] обычно отвечает за { $count } часов
}
card-answers-days = { $count ->
    [one] обычно отвечает за { $count } день
    [few] обычно отвечает за { $count } дня
   *[many] обычно отвечает за { $count } дней
}
mentor-elite = 🏅 Элита платформы
card-why = ✅ { $why }
card-risk = ⚠️ { $risk }
card-dismissed = <s>{ $name }</s> — больше не покажу
card-gone = 💤 Сейчас не берёт новых учеников.

price-unknown = цена не указана
price-free = бесплатно
price-hour = { $amount } { $currency }/час
price-session = { $amount } { $currency } за встречу
price-month = { $amount } { $currency } в месяц
price-offer-share = { $amount } % от оффера
rating-none = отзывов пока нет
rating-few = { $count ->
    [one] ★ { $mean } по { $count } отзыву, ещё складывается
   *[other] ★ { $mean } по { $count } отзывам, ещё складывается
}
rating = { $count ->
    [one] ★ { $mean } по { $count } отзыву
   *[other] ★ { $mean } по { $count } отзывам
}

reason-direction = работает в вашем направлении: { $keys }
reason-skills = знает то, что вы назвали: { $keys }
reason-related-skills = знает близкое к вашему: { $keys }
reason-goals = помогает с вашей целью: { $keys }
reason-level = опытнее вас
reason-budget = укладывается в бюджет
reason-free-of-charge = бесплатно
reason-format = занимается так, как вам удобно: { $keys }
reason-language = говорит на нужном языке: { $keys }
reason-timezone = { $value ->
    [0] в вашем часовом поясе
   *[other] разница во времени { $value } ч
}
reason-words = пишет о том же, что и вы: { $keys }
reason-rating = хорошие отзывы
reason-answers-fast = { $value ->
    [0] отвечает в течение часа
    [1] обычно отвечает за час
   *[other] обычно отвечает за { $value } ч
}

risk-other-direction = другое направление
risk-missing-skills = в анкете нет: { $keys }
risk-over-budget = дороже бюджета на { $value } ₽
risk-price-unknown = цена не указана
risk-price-share = цена — доля от оффера, с бюджетом не сравнить
risk-other-format = другой формат: { $keys }
risk-other-format-unknown = другой формат
risk-level-too-low = уровень не выше вашего
risk-level-not-helped = обычно работает с другим уровнем
risk-other-language = другой язык: { $keys }
risk-far-timezone = разница во времени { $value } ч
risk-no-reviews = отзывов пока нет
risk-low-rating = отзывы ниже среднего
risk-rarely-answers = отвечает редко: на { $value } % заявок
risk-long-silent = { $value ->
    [one] не выходит на связь { $value } день
    [few] не выходит на связь { $value } дня
   *[many] не выходит на связь { $value } дней
}

button-mentor = ℹ️ { $number }
button-mentor-long = ℹ️ Подробнее
button-saved = { $number }. { $name }
button-write = ✍️
button-save = ☆
button-unsave = ★
button-dismiss = ✕
button-restore = Вернуть: { $name }
button-more = Ещё три →
button-surprise-more = Ещё сюрприз 🎲
button-change = Изменить ответы
button-to-list = ← К списку
button-to-mentor = ← Назад
button-write-long = ✍️ Написать
button-save-long = ☆ Сохранить
button-unsave-long = ★ Сохранено
button-dismiss-long = ✕ Не подходит

toast-saved = Сохранил. Все сохранённые — /saved
toast-unsaved = Убрал из сохранённых.
toast-dismissed = Больше не покажу.
toast-restored = Вернул.
toast-foreign = Эта кнопка больше не работает. Начните с /start

mentor-head = <b>{ $name }</b>
mentor-facts-years = { $years ->
    [one] опыт { $years } год
    [few] опыт { $years } года
   *[many] опыт { $years } лет
}
mentor-why = <b>Почему подходит</b>
mentor-risks = <b>На что обратить внимание</b>
mentor-line = • { $line }
mentor-skills = <b>Навыки:</b> { $skills }
mentor-skills-more = { $skills } и ещё { $count }
mentor-goals = <b>С чем поможет:</b> { $goals }
helps-first-job = поиск первой работы
helps-interviews = подготовка к собеседованиям
helps-next-grade = рост до следующего грейда
helps-switch = смена стека или роли
helps-raise = повышение или оффер
helps-cv = резюме и портфолио
helps-code-review = ревью кода или проекта
helps-leading = руководство людьми
helps-other = другое
mentor-formats = <b>Формат:</b> { $formats }
mentor-languages = <b>Языки:</b> { $languages }
mentor-timezone = <b>Часовой пояс:</b> МСК{ $offset }
mentor-about = <blockquote expandable>{ $about }</blockquote>

dismiss-ask = Почему { $name } не подходит? Учту и больше не покажу.
dismiss-too-dear = Дорого
dismiss-not-my-topic = Не моя тема
dismiss-wrong-level = Не тот уровень
dismiss-no-trust = Не вызывает доверия
dismiss-other = Другое

contact-title = <b>Первое сообщение для ментора</b> · { $name }
contact-draft-long = Нажмите на текст, чтобы скопировать: <code>{ $draft }</code>
contact-asked-later = <i>Этого ментора сейчас нет в боте. Через три дня спрошу, ответил ли он, и подберу других, если нет.</i>
contact-how-link = Скопируйте, откройте чат и отправьте. Лучше поправьте под себя: живое слово лучше шаблона.
contact-how-nolink = Скопируйте сообщение. Ссылки на чат в каталоге нет — найдите ментора на платформе по имени.
contact-draft = <blockquote>{ $draft }</blockquote>
button-copy = 📋 Скопировать
button-open-chat = Открыть чат с ментором
draft-hello = Здравствуйте, { $name }!
draft-who = Я { $level }, направление — { $direction }.
draft-who-level = Я { $level }.
draft-who-direction = Моё направление — { $direction }.
draft-goal = Цель: { $goals }.
draft-holds = Мой вопрос: { $words }
draft-help = Поможете разобраться? Темы: { $skills }.
draft-help-any = Сможете помочь? Что для этого нужно от меня?
draft-level-novice = учусь с нуля
draft-level-junior = джун
draft-level-middle = мидл
draft-level-senior = сеньор
draft-level-lead = руководитель
draft-level-head = руководитель

saved-title = <b>Сохранённые менторы</b>
saved-line = { $number }. { $name } — { $title }
saved-line-gone = { $number }. { $name } — сейчас не берёт новых учеников
saved-empty = Пока никого. Нажмите ☆ под подбором, и ментор появится здесь.
saved-cut = …и ещё { $count }.

## Остальное

language-ask = На каком языке говорить?
language-name = Русский
language-set = Теперь говорю по-русски.
help =
    <b>Shortlist подбирает ментора в IT</b>

    /start — начать или продолжить
    /new — новая анкета
    /cancel — отменить анкету
    /my — мои заявки; для ментора — анкета, заявки и рейтинг
    /saved — сохранённые менторы
    /surprise — хороший ментор, которого вы не искали
    /elite — лучшие по отзывам учеников
    /notifications — что присылать самому
    /rules — правила для менторов
    /language — язык
    /privacy — что обо мне хранится, /export — файлом, /forget — забыть
    /help — эта подсказка

    Место в подборе не продаётся: порядок определяют ваши ответы и отзывы.
command-start = начать или продолжить
command-new = новая анкета
command-saved = сохранённые менторы
command-surprise = ментор-сюрприз
command-cancel = отменить анкету
command-language = язык
command-help = что я умею
typed-gone = То, о чём вы пишете, уже закрыто или удалено. Что есть сейчас — /my
too-fast = Слишком часто. Подождите пару секунд.
broken = Что-то сломалось на моей стороне, я записал. Попробуйте ещё раз или начните с /start

## Что хранится

privacy-title = <b>Что я о вас храню</b>
privacy-kept =
    Имя: { $name }
    Анкет: { $questionnaires }, подборов: { $searches }
    Показов, открытий и других действий: { $events }
    Сохранённых менторов: { $saved }, убранных: { $dismissed }
    Заявок менторам: { $requests }, отзывов: { $reviews }
    Настройки уведомлений: { $subscriptions ->
        [0] нет
       *[other] есть
    }
    Сообщений, которые я прислал сам или пришлю: { $messages }
    Сообщений, которые не удалось обработать: { $failed }
privacy-consent = Вы согласились на это { $date }.
privacy-why = Это нужно, чтобы подбирать точнее и не показывать одно и то же. Кроме команды сервиса, ответы увидит только ментор, которому вы отправите заявку. /export — получить всё файлом, /forget — забыть.
button-export = Получить файлом
export-caption = Всё, что я о вас храню: таблица за таблицей, в формате JSON. /forget — удалить.
button-forget = Забыть всё
button-forget-sure = Да, удалить всё
forget-ask = Удалить ваши ответы, подборы, сохранённых менторов, заявки, отзывы и всю историю? Заявки, которые ждут ответа, я отзову. Вернуть всё это будет нельзя.
forgotten = Готово, я всё забыл. Если передумаете — /start
command-privacy = что обо мне хранится

## Канал новых менторов и ссылки из него

card-newcomer = Новый ментор
announce-title = 👋 Новый ментор: <b>{ $name }</b>
announce-closed = ⏸ <b>Сейчас не набирает учеников</b>
announce-price = <b>Цена:</b> { $price }
announce-places = <b>Свободных мест:</b> { $count }
announce-digest-title = { $count ->
    [one] 👋 <b>И ещё { $count } новый ментор</b>
    [few] 👋 <b>И ещё { $count } новых ментора</b>
   *[many] 👋 <b>И ещё { $count } новых менторов</b>
}
announce-digest-direction = <b>{ $direction }</b>
announce-digest-other = <b>Разное</b>
announce-digest-line = • <a href="{ $url }">{ $name }</a> — { $title }, { $price }
announce-digest-hint = <i>Нажмите на имя, чтобы открыть анкету.</i>
button-open-mentor = Открыть анкету
button-find-other = Подобрать другого
button-find-mine = Подобрать мне ментора
link-title = <b>Вы пришли по ссылке</b>
link-closed = { $name } сейчас не набирает учеников. Давайте подберу другого ментора.
link-unknown = Такой ссылки я не знаю: возможно, она устарела или скопировалась не целиком. Ничего страшного, начать можно и без неё 👇
link-unknown-claim = Такой ссылки на анкету нет: возможно, её заменили новой. Если вы ментор платформы, попросите её команду прислать ссылку ещё раз. А если ищете ментора, начать можно прямо здесь 👇
link-kept = <i>Я храню, что вы открывали эту анкету, чтобы подбирать точнее. Посмотреть это и удалить — /privacy</i>
link-gone = Этого ментора в каталоге больше нет. Давайте подберу другого.

## Уведомления

command-notifications = что присылать самому
notifications-title = <b>Что присылать без вашей просьбы</b>
notifications-newcomers-on = 🔔 <b>Новые менторы:</b> напишу, когда появится тот, кто вам хорошо подходит. Не чаще раза в день.
notifications-newcomers-off = 🔕 <b>Новые менторы:</b> не присылаю.
notifications-digest-on = 🗓 <b>Подборка недели:</b> до трёх подходящих менторов, которых вы ещё не видели; нет таких — не пишу. { $day }, { $hour } (МСК{ $offset }).
notifications-digest-off = 🔕 <b>Подборка недели:</b> не присылаю.
notifications-no-answers = Чтобы я знал, кто вам подходит, сначала ответьте на вопросы: /start
notifications-first = 🔔 Присылать смогу, когда узнаю, кто вам подходит. Ответьте на вопросы и вернитесь сюда: /notifications
notifications-ask-day = В какой день присылать подборку недели?
notifications-ask-hour = В котором часу присылать подборку недели? Время — МСК{ $offset }.
weekday-1 = Понедельник
weekday-2 = Вторник
weekday-3 = Среда
weekday-4 = Четверг
weekday-5 = Пятница
weekday-6 = Суббота
weekday-7 = Воскресенье
button-newcomers-on = 🔔 Присылать новых менторов
button-newcomers-off = 🔕 Не присылать новых
button-digest-on = 🗓 Присылать подборку недели
button-digest-off = 🔕 Не присылать подборку
button-digest-day = День
button-digest-hour = Час
button-subscribe = 🔔 Присылать новых менторов
button-unsubscribe = 🔕 Больше не присылать
button-resubscribe = 🔔 Присылать снова
toast-subscribed = Буду присылать. Настроить — /notifications
toast-unsubscribed-newcomers = Больше не пришлю новых менторов. Передумаете — кнопка под сообщением.
toast-unsubscribed-digest = Больше не пришлю подборку недели. Передумаете — кнопка под сообщением.
toast-notifications = Сохранил.
digest-title = { $count ->
    [one] 🗓 <b>Подборка недели: ментор, которого вы ещё не видели</b>
   *[other] 🗓 <b>Подборка недели: менторы, которых вы ещё не видели</b>
}
newcomer-title = 🆕 <b>Появился ментор, который вам подходит</b>

## Анкета ментора

command-my = мои заявки, анкета ментора
command-elite = лучшие по отзывам
command-rules = правила для менторов
my-title = <b>Ваша анкета ментора</b>
status-active = 🟢 Вы в подборе: студенты вас видят.
status-full = 🟡 Свободных мест нет, поэтому в подборе вас не показываю. Появится место — отметьте в «Обновить данные».
status-held = 🟡 Все места заняты заявками, которые ждут вашего ответа: пока новых учеников вам не показываю.
status-paused-until = ⏸ Вы на паузе до { $day }: в подборе вас нет, в этот день верну сам.
status-paused = ⏸ Вы на паузе: в подборе вас нет, пока не вернётесь.
status-stale = 💤 Анкета скрыта: я не дождался ответа, менторите ли вы ещё. Вернуть её — одно нажатие.
status-left = 👋 Вы больше не менторите: студенты анкету не видят. Передумаете — одно нажатие.
status-expelled = 🚫 Модераторы убрали анкету из каталога. Почему так бывает — /rules. Если это ошибка, напишите команде платформы.
status-removed = 🚫 Платформа убрала анкету из каталога, и я её не показываю. Вернуть её может только команда платформы.
my-asked = ❓ Я спрашивал, менторите ли вы ещё, и жду ответа.
my-figures-none = За последние 30 дней я вас никому не показывал.
my-figures-shown = { $count ->
    [one] За последние 30 дней показал вас { $count } раз.
    [few] За последние 30 дней показал вас { $count } раза.
   *[many] За последние 30 дней показал вас { $count } раз.
}
my-figures-more = Открыли анкету: { $opened }, сохранили: { $saved }.
my-figures-requests = Написали вам: { $written }, вы приняли: { $accepted }.
advice-few-skills = 💡 Вас почти не показываю: мало навыков. Добавьте то, с чем помогаете, в «Обновить данные».
advice-no-goals = 💡 Вас почти не показываю: не указано, с чем вы помогаете. Это в «Обновить данные».
advice-no-price = 💡 Вас видят, но не пишут: нет цены. Её можно указать в «Обновить данные».
advice-no-about = 💡 Вас видят, но не пишут: в анкете мало о вас. Расскажите о себе в «Обновить данные».
advice-slow = 💡 Вам пишут, но ждут ответа дольше суток. Ответ в тот же день заметно поднимает доверие и место в подборе.
my-seen-so = 👇 Так вас видят студенты:
my-unseen = 👇 Ваша анкета:
my-levels = <b>Кому помогаете:</b> { $levels }
my-places = <b>Свободных мест:</b> { $count }
my-edit = <b>Что обновить?</b> Студенты увидят изменения сразу.
my-edit-unseen = <b>Что обновить?</b> Студенты увидят изменения, когда вы снова будете в подборе.
my-ask-price-hour = Сколько стоит час с вами? Напишите сумму в рублях, например 4500. Берёте за встречу или за месяц? Так и напишите: «30000 в месяц».
my-ask-price-session = Сколько стоит встреча с вами? Напишите сумму в рублях, например 4500. Берёте за час или за месяц? Так и напишите: «30000 в месяц».
my-ask-price-month = Сколько стоит месяц с вами? Напишите сумму в рублях, например 30000. Берёте за час или за встречу? Так и напишите: «4500 за час».
my-now = Сейчас: { $value }.
my-ask-about = Расскажите о себе: кому и с чем помогаете, как проходят встречи. Напишите одним сообщением, до { $limit } знаков: оно заменит то, что есть.
my-ask-places = Скольких учеников готовы взять сейчас? При нуле в подборе вас не покажу.
my-ask-formats = Как вам удобно заниматься? Отметьте всё, что подходит.
my-ask-levels = Кому вы помогаете? Отметьте всех, с кем готовы работать. Если не отмечен никто, подойдёт любой уровень.
my-ask-goals = С чем вы помогаете? Отметьте всё, за что готовы взяться.
my-ask-languages = На каких языках вы проводите встречи? Отметьте все.
my-ask-skills = Чем вы владеете и с чем поможете? Напишите навыки через запятую, до { $limit } знаков: новый список заменит тот, что есть.
my-now-skills = Сейчас (нажмите, чтобы скопировать): <code>{ $skills }</code>
my-unknown-skills = Не знаю «{ $words }», но записал как есть: студенты найдут вас и по этим словам.
my-pause = На сколько поставить паузу? В подборе вас не будет, а когда она закончится, верну вас сам и напишу.
my-calendar = До какого дня пауза? Утром этого дня верну вас в подбор.
my-leave = Точно больше не менторите? Студенты перестанут вас видеть. Передумаете — вернётесь одним нажатием через /my.
calendar-weekdays = Пн Вт Ср Чт Пт Сб Вс
calendar-month = { $month } { $year }
calendar-closed = ·
month-name = { $month ->
    [1] Январь
    [2] Февраль
    [3] Март
    [4] Апрель
    [5] Май
    [6] Июнь
    [7] Июль
    [8] Август
    [9] Сентябрь
    [10] Октябрь
    [11] Ноябрь
   *[12] Декабрь
}
button-my-active = ✅ Да, набираю
button-my-return = ▶️ Вернуться в подбор
button-my-pause = ⏸ Пауза…
button-my-prolong = ⏸ Продлить паузу…
button-my-edit = ✏️ Обновить данные
button-my-leave = Больше не менторю
button-my-left = Да, больше не менторю
button-my-show = Моя анкета
button-my-months = { $months ->
    [one] { $months } месяц
    [few] { $months } месяца
   *[many] { $months } месяцев
}
button-my-day = 📅 Выбрать дату
button-my-price = Цена
button-my-places = Места
button-my-formats = Формат
button-my-levels = Кому помогаю
button-my-goals = С чем помогаю
button-my-skills = Навыки
button-my-languages = Языки
button-my-about = О себе
button-my-free = Бесплатно
button-my-rating = 📈 Рейтинг и отзывы
button-my-notifications = 🔔 Настроить уведомления
button-my-cancel = Отмена
profile-confirmed = Спасибо, что на связи!
profile-returned = С возвращением! Анкета снова открыта.
profile-returned-unseen = С возвращением! Теперь отметьте свободные места: без них в подборе не покажу.
profile-paused = Поставил на паузу. Хорошего отдыха!
profile-left = Убрал из подбора. Спасибо, что были с нами!
profile-changed = Обновил: студенты уже видят.
profile-changed-unseen = Обновил. Студенты увидят это, когда вы снова будете в подборе.
profile-claimed = Готово, это ваша анкета. Команда /my всегда её покажет.
profile-removed = Платформа убрала эту анкету из каталога.
profile-expelled = Модераторы убрали эту анкету из каталога. Правила — /rules
profile-held = Пока паузу держат модераторы: вернуться можно, когда она закончится. Правила — /rules
profile-past-day = Этот день уже прошёл. Выберите другой.
profile-not-asked = Это старая кнопка, цена осталась прежней. Изменить её — «Цена».
claim-ask = <b>Это ваша анкета?</b>
claim-why = Если да, вы сможете менять её, ставить на паузу и видеть, сколько студентов её открывали.
button-claim-yes = Да, моя
button-claim-no = Нет, не моя
no-profile-none = Заявок и сохранённых менторов у вас пока нет. Анкеты ментора с именем пользователя @{ $username } в каталоге нет. Если вы ментор платформы, попросите её команду прислать вам ссылку на анкету. А если ищете ментора — /start
no-profile-no-username = Заявок и сохранённых менторов у вас пока нет. У вас в Телеграме нет имени пользователя, поэтому анкету ментора мне не найти. Если вы ментор платформы, попросите её команду прислать вам ссылку на анкету. А если ищете ментора — /start
no-profile-unknown-link = Такой ссылки на анкету нет: возможно, её заменили новой. Попросите команду платформы прислать её ещё раз, а свою анкету смотрите в /my
no-profile-used-link = По этой ссылке анкету уже забрали, второй раз она не сработает. Если это ваша анкета, напишите команде платформы: она разберётся.
no-profile-taken = Эту анкету уже забрал другой человек. Если она ваша, напишите команде платформы: она разберётся.
no-profile-has-another = У вас уже есть анкета, а она может быть только одна. Посмотреть её: /my
no-profile-removed = Платформа убрала эту анкету из каталога. Вернуть её может только команда платформы.

## Менторите ли вы ещё

check-in-0 =
    { $name }, вы ещё менторите?

    От вас давно ничего не слышно, а я показываю студентам только тех, кто отвечает. Достаточно одного нажатия.
check-in-1 =
    { $name }, напомню: вы ещё менторите?

    Если за две недели не ответите, скрою анкету, чтобы студенты не писали впустую.
check-in-2 =
    { $name }, последний раз спрошу: вы ещё менторите?

    Через неделю скрою анкету. Вернуть её можно будет одним нажатием.
hidden =
    Я скрыл вашу анкету: три недели не было ответа, менторите ли вы ещё.

    С ней всё в порядке. Одно нажатие, и студенты снова её увидят — хоть сегодня, хоть через полгода.
pause-ended =
    Пауза закончилась, вы снова в подборе.

    Ещё не время? Продлите паузу.
pause-ended-full =
    Пауза закончилась, но свободных мест у вас нет, поэтому в подборе вас пока не показываю.

    Готовы взять учеников? Отметьте места. Ещё не время? Продлите паузу.
claims-title =
    <b>Менторы, которых ещё нет в боте</b>

    От них давно ничего не слышно, а спросить я не могу. Пришлите, пожалуйста, каждому его ссылку: она сработает один раз. Кнопка с именем скопирует готовое сообщение.
claims-mentor = • { $name } — @{ $username }
claims-mentor-without = • { $name }
claims-link = <code>{ $link }</code>
claims-hello = Здравствуйте, { $name }! Студенты находят вас в каталоге менторов. Подтвердите, пожалуйста, что вы по-прежнему менторите: { $link }
button-claim-copy = 📋 { $name }
claims-more = { $count ->
    [one] Ещё { $count } ментор ждёт очереди.
    [few] Ещё { $count } ментора ждут очереди.
   *[many] Ещё { $count } менторов ждут очереди.
}

## Группа модераторов: что доставка не решила сама

unsure-title = ❓ <b>Неизвестно, вышел ли пост</b>
unsure-hint = Связь прервалась, когда он уходил. Проверьте канал: если пост на месте, так и отметьте, если его нет — опубликуйте.
parked-title = { $count ->
    [one] ⚠️ <b>Не доставлено { $count } сообщение</b>
    [few] ⚠️ <b>Не доставлено { $count } сообщения</b>
   *[many] ⚠️ <b>Не доставлено { $count } сообщений</b>
}
parked-rest = { $count ->
    [one] И ещё { $count } ждёт очереди — покажу, когда разберёте эти.
    [few] И ещё { $count } ждут очереди — покажу, когда разберёте эти.
   *[many] И ещё { $count } ждут очереди — покажу, когда разберёте эти.
}
case-0 = Ответ человеку
case-1 = Запрос
case-2 = Напоминание
case-3 = Пост
case-4 = Рассылка
case-edit = Правка сообщения
case-delete = Удаление сообщения
case-head = { $place }<b>{ $what }</b>, чат <code>{ $chat }</code>
case-excerpt = <blockquote>{ $text }</blockquote>
case-person = <b>Кому:</b> <a href="tg://user?id={ $id }">{ $name }</a>
case-mentor = <b>О ком:</b> { $name }
case-reason = <b>Причина:</b> <code>{ $reason }</code>
case-reason-known = <b>Причина:</b> { $cause } <code>{ $reason }</code>
cause-chat-not-found = такого чата нет, или бота в нём нет. Проверьте номер чата и добавьте бота.
cause-kicked = бота нет в этом канале или группе. Верните его и дайте право писать.
cause-no-rights = боту не хватает прав, чтобы писать туда. Сделайте его администратором.
cause-too-long = сообщение длиннее, чем принимает Телеграм. Повтор не поможет.
cause-entities = Телеграм не разобрал разметку: это наша ошибка. Повтор не поможет.
decided-there = ✅ Пост на месте — { $name }
decided-post = 🔁 Публикую снова — { $name }
decided-retry = 🔁 Отправляю ещё раз — { $name }
decided-drop = 🗑 Убрано — { $name }
decided-otherwise = ☑️ Больше ничего решать не нужно
button-post-there = ✅ Пост на месте{ $place }
button-post-again = 📣 Опубликовать{ $place }
button-retry = 🔁 Повторить{ $place }
button-drop = 🗑 Убрать{ $place }
toast-decided = Готово
toast-decided-before = Это уже решено

## Заявки

request-title = <b>Заявка</b> · { $name }
request-words = <blockquote>{ $words }</blockquote>
request-answers = <b>Коротко:</b> { $answers }
request-question = ❓ <b>Вопрос:</b> { $words }
request-reply = 💬 <b>Ответ:</b> { $words }
request-no-contact-yet = <i>Ментор увидит ваше имя, это сообщение и ответы. Контакты вы получите оба, когда он примет заявку. Отправляя или меняя текст, вы с этим соглашаетесь.</i>
request-outside = <i>Этого ментора сейчас нет в боте: покажу его ссылку, а напишете вы сами. Я сохраню, что вы собирались, и через три дня спрошу, был ли ответ. Нажимая, вы с этим соглашаетесь.</i>
request-forgotten = Этой заявки больше нет: ученик удалил свои данные.
request-no-username = ⚠️ У вас в Телеграме нет имени пользователя: ментору будет трудно вам написать. Лучше задать его в настройках, а пока первым напишете вы.
request-words-kept = Записал. Вот что получит ментор:
request-ask-words = Напишите своё сообщение для ментора ({ $name }), от { $shortest } до { $longest } знаков: оно заменит то, что есть.
request-words-now = Сейчас (нажмите, чтобы скопировать): <code>{ $words }</code>
request-ask-reply = Напишите ответ одним сообщением, до { $limit } знаков — передам его ментору ({ $name }).
request-ask-question = Напишите вопрос одним сообщением, до { $limit } знаков — передам его и принесу ответ. Ученик: { $name }. Вопрос можно задать один.
request-contact = <b>Контакт:</b> { $contact }
request-contact-gone = <i>Ментор удалил свои данные из бота, контакта у меня больше нет.</i>
request-student-away = <i>Ученик заблокировал бота и сообщения об этом не получит: напишите первым, если контакт открывается.</i>
request-contact-may-fail = <i>У этого человека нет имени пользователя. Если ссылка не откроется, он напишет вам сам: ваш контакт у него есть.</i>
request-later = До какого дня подождать? Предупрежу: { $name }. Утром этого дня напомню вам.
request-refuse = Почему отказываете? Ответ получит { $name }: так проще найти другого ментора.
request-offer-pause = Если вы сейчас на перерыве, поставьте паузу: в подборе вас не будет, а заявки не придут.
request-day = { $weekday }, { $day }

request-is-sent = ⏳ Ждём ответа ментора. Если его не будет до { $until }, заявка закроется сама.
request-is-asked = ❓ Ментор задал вопрос и ждёт вашего ответа до { $until }.
request-is-replied = ⏳ Ваш ответ передан, ждём решения ментора до { $until }.
request-is-postponed = ⏳ Ментор просит подождать до { $day }.
request-is-accepted = ✅ Ментор принял заявку. Напишите первым: так быстрее.
request-is-talked = ✅ Вы поговорили.
request-is-declined = ✕ Ментор отказал: { $reason }.
request-is-not-written = Хорошо. Захотите написать — откройте анкету ментора и нажмите «Написать».
request-is-withdrawn = ↩️ Вы отозвали заявку. Этому ментору снова можно написать через месяц.
request-is-expired = ⌛ Ментор так и не ответил, заявка закрыта.
request-is-lapsed = ⌛ Заявка закрыта: я не дождался ответа от вас.
request-is-closed = 💤 Ментор сейчас не берёт учеников, заявка закрыта.
request-is-missed = ✕ Поговорить не получилось.
request-is-going-on = ✅ Вы занимаетесь дальше.
request-is-finished = ✅ Вы поговорили, продолжения нет.
request-is-reached = ✅ Ментор ответил вам.
request-is-unreached = ✕ Ментор не ответил.

request-to-sent = <i>Ответьте, пожалуйста, до { $until }: потом заявка закроется, а ученик уйдёт к другому.</i>
request-to-asked = <i>Вопрос у ученика, ждём ответа до { $until }. Принять или отказать можно и сейчас.</i>
request-to-replied = <i>Решите, пожалуйста, до { $until }.</i>
request-to-postponed = <i>Вы просили подождать до { $day }. После этого дня у вас будут ещё сутки.</i>
request-to-accepted = ✅ Вы приняли заявку. Ваш контакт у ученика тоже есть.
request-to-over = ✅ Вы приняли эту заявку.
request-to-declined = ✕ Вы отказали: { $reason }.
request-to-withdrawn = ↩️ Ученик отозвал заявку. Отвечать не нужно.
request-to-expired = ⌛ Ответа не было, заявка закрылась.
request-to-lapsed = ⌛ Ученик не ответил на вопрос, заявка закрылась. На вас это не отразится.
request-to-closed = 💤 Заявка закрыта: вы сейчас не берёте учеников.
request-to-missed = ✕ Ученик говорит, что поговорить не получилось.

request-state-sent = ждём ответа
request-state-asked = ❓ вам вопрос
request-state-replied = ждём решения
request-state-postponed = просит подождать
request-state-accepted = ✅ принята
request-state-talked = ✅ поговорили
request-state-declined = отказ
request-state-withdrawn = отозвана
request-state-expired = без ответа
request-state-lapsed = закрыта
request-state-closed = ментор на паузе
request-state-missed = не поговорили
request-state-going-on = ✅ занимаетесь
request-state-finished = завершена
request-state-outside = писали сами
request-state-reached = ответил
request-state-unreached = не ответил

request-notice-sent = Отправил! Напишу, как только ментор ответит.
request-notice-done = Записал, спасибо.
request-notice-withdrawn = Отозвал.
request-notice-accepted = Приняли! Контакты теперь есть у вас обоих.
request-notice-declined = Передал. Спасибо, что ответили.
request-notice-asked = Передал вопрос. Ответ принесу сюда.
request-notice-replied = Передал ответ ментору.
request-notice-postponed = Хорошо, предупредил ученика.
request-notice-moved-on = Пока вы думали, всё изменилось. Вот как есть сейчас.
request-notice-past-day = Этот день уже прошёл. Выберите другой.

refusal-too-many = Одновременно могут ждать ответа { $count } заявок, и у вас их уже столько. Отзовите одну или дождитесь ответа — тогда напишете и сюда.
refusal-own = Это ваша собственная анкета: писать самому себе не нужно.
refusal-hidden = { $name } сейчас не берёт новых учеников. Посмотрите других.
refusal-full = У ментора ({ $name }) сейчас заняты все места: другие ученики ждут ответа. Сохраните анкету и загляните через день-другой или посмотрите других.
refusal-recent = Недавно заявка этому ментору ({ $name }) уже закончилась отказом или вы её отозвали. Написать снова можно через месяц.

button-request-send = 📨 Отправить
button-request-contact = Показать ссылку
button-request-edit = ✏️ Изменить текст
button-request-withdraw = ↩️ Отозвать
button-request-reply = 💬 Ответить
button-request-others = Показать троих других
button-request-look = Открыть заявку
button-request-accept = ✅ Принять
button-request-ask = ❓ Спросить
button-request-later = ⏳ Отвечу позже
button-request-refuse = ✕ Отказать
button-requests = 📨 Мои заявки
button-requests-own = 📨 Мои заявки как ученика
button-requests-saved = ☆ Сохранённые: { $count }
button-waiting = 📨 Ждут ответа: { $count }
button-taken = 📨 Мои ученики
button-open-student = Написать ученику
button-outside-reached = ✅ Ответил
button-outside-silent = ✕ Молчит
button-outside-not-written = Не было времени написать
button-talk-yes = ✅ Да
button-talk-not-yet = ⏳ Ещё нет
button-talk-no = ✕ Нет
button-talked = ✅ Мы поговорили
button-not-talked = ✕ Не получилось
button-goes-on = ✅ Да, продолжаем
button-goes-on-no = Нет, закончили

decline-no-time = Нет времени
decline-not-my-topic = Не моя тема
decline-wrong-level = Не тот уровень
decline-on-a-break = Я на перерыве
decline-other = Другое
declined-no-time = нет времени
declined-not-my-topic = не та тема
declined-wrong-level = другой уровень учеников
declined-on-a-break = перерыв в менторстве
declined-other = причину ментор не назвал

request-from = 📨 <b>Заявка: { $name }</b>
mentor-news-new = 📨 <b>Новая заявка: { $name }</b>
mentor-news-waits = ⏰ <b>Заявка ждёт вашего ответа: { $name }</b>
mentor-news-replied = 💬 <b>Ответ на ваш вопрос: { $name }</b>
news-accepted-title = 🎉 <b>{ $name } берёт вас!</b>
news-asked-title = ❓ <b>{ $name } спрашивает</b>
news-declined = { $name } не сможет взять вас: { $reason }. Не страшно: покажу, с кем ещё можно поговорить.
news-asked-again = Напомню: { $name } ждёт вашего ответа на вопрос.
news-postponed = { $name } просит подождать до { $day }. Заявка остаётся, а пока можно посмотреть и других.
news-late = Ментор ({ $name }) пока не отвечает. Заявка остаётся, но ждать молча не обязательно: могу показать троих других.
news-expired = Ментор ({ $name }) так и не ответил, и заявка закрылась. Мне жаль. Подберём другого?
news-closed = { $name } больше не берёт учеников, и заявка закрылась. Подберём другого?
news-outside = Вы собирались написать: { $name }. Ответил ли ментор?
news-talked = Удалось поговорить с ментором ({ $name })?
news-goes-on = Прошёл месяц после разговора с ментором ({ $name }). Занимаетесь дальше?
unanswered = { $count ->
   *[other] За последний месяц без вашего ответа осталось заявок: { $count }. Ученики ждали и ушли. Нет времени? Поставьте паузу — это нормально, и заявки не будут приходить.
}
unanswered-paused = { $count ->
   *[other] За последний месяц без ответа осталось заявок: { $count }, поэтому я поставил вас на паузу: новых учеников не будет, чтобы они не ждали впустую. Готовы отвечать — одно нажатие, и вы снова в подборе. Правила — /rules
}
waiting-title = <b>Ждут вашего ответа</b>
waiting-line = • { $name } — до { $until }
waiting-line-asked = • { $name } — вопрос у ученика, до { $until }
waiting-none = Сейчас никто не ждёт вашего ответа.
taken-title = <b>Вы приняли</b>
taken-line = • { $name }
requests-live = <b>Сейчас</b>
requests-past = <b>Раньше</b>
requests-line = { $number }. { $name } — { $state }
requests-none = Заявок пока нет. Откройте подбор и нажмите ✍️ у того, кто понравился.
requests-mentor = <i>Вы сами ментор? Возьмите ссылку на анкету у команды платформы — она появится здесь.</i>

## Чего не хватило

missing-ask = Недавно я показал вам менторов, но вы никому не написали. Чего не хватило? Учту в следующий раз.
missing-too-dear = Дорого
missing-not-my-topic = Не моя тема
missing-nobody-answers = Никто не отвечает
missing-just-looking = Просто смотрю
missing-noted-too-dear = Понял: буду искать дешевле, до { $amount } ₽ за встречу.
missing-noted-too-dear-unknown = Понял: буду искать тех, кто дешевле.
missing-noted-not-my-topic = Понял: буду строже к теме и навыкам, а тех, кого вы видели, повторять не стану.
missing-noted-nobody-answers = Понял: первыми покажу тех, кто отвечает быстро. Отправляйте заявку прямо здесь: за молчание менторы уходят на паузу.
missing-noted-just-looking = Смотрите сколько хочется. Могу раз в неделю присылать троих новых.
button-missing-next = Показать троих

## Отзывы

miss-ask = Почему не получилось поговорить? Это про заявку: { $name }.
miss-absent = Ментор не пришёл
miss-no-agreement = Не договорились
miss-changed-mind = Планы изменились
miss-other = Другое
opinion-ask-stars = Отлично! Как прошло? Оценку увидят все, имени под ней не будет. Ментор: { $name }
opinion-ask-progress = Насколько это продвинуло вас? Ответ увидит только команда сервиса, { $name } его не узнает.
opinion-ask-traits = Что отметить? Можно несколько: { $name }
opinion-ask-nps = Посоветуете другу? 0 — ни за что, 10 — обязательно: { $name }
opinion-ask-words = Расскажите в двух словах, чем помогли и что можно лучше. Напишите одним сообщением, до { $limit } знаков: его прочтут модераторы, потом все. Ментор: { $name }
progress-5 = 🚀 Намного дальше, чем ожидалось
progress-4 = 🙂 Дальше, чем ожидалось
progress-3 = 👌 Как и ожидалось
progress-2 = 🙁 Меньше, чем ожидалось
progress-1 = 👎 Никак
trait-explains = понятно объясняет
trait-plan = дал план
trait-reviewed = разобрал мою работу
trait-interviews = подготовил к собеседованию
trait-honest = честно о своих границах
trait-unprepared = не подготовился
trait-late = опоздал или не пришёл
trait-count = { $trait } ({ $count })
opinion-title = <b>Ваш отзыв</b> · { $name }
opinion-stars = Оценка: { $stars }
opinion-progress = Продвинуло: { $value }
opinion-traits = Отмечено: { $traits }
opinion-nps = Посоветуете: { $value } из 10
opinion-words = <blockquote>{ $words }</blockquote>
opinion-reply = ↪️ <b>Ментор:</b> { $words }
opinion-head = { $stars } · { $day }
opinion-state-none = Оценка учтена. Спасибо!
opinion-state-waiting = Оценка учтена, слова читают модераторы. Спасибо!
opinion-state-published = Отзыв опубликован. Спасибо!
opinion-state-rejected = Оценка учтена, а слова модераторы не опубликовали. Их можно изменить.
opinion-state-held = Отзыв смотрят модераторы: после этого он будет учтён.
opinion-state-void = Модераторы не учли этот отзыв.
opinion-until = <i>Изменить можно до { $day }.</i>
opinion-thanks = Спасибо! Передал модераторам.
opinion-closed = Этот отзыв уже нельзя изменить.
button-review = ⭐ Мой отзыв
button-review-without-words = Без слов →
button-review-stars = Оценка
button-review-progress = Насколько продвинуло
button-review-traits = Что отметить
button-review-words = Изменить слова
button-review-add-words = Добавить слова
button-reviews = ⭐ Отзывы
reviews-title = <b>Отзывы</b> · { $name }
reviews-traits = Чаще отмечают: { $traits }
reviews-none = Слов пока нет: только оценки.
button-newer = ← Новее
button-older = Старше →
answer-title = ⭐ <b>О вас новый отзыв</b>
answer-none = <i>Можно ответить один раз: ответ увидят все под отзывом.</i>
answer-ask = Напишите ответ одним сообщением, до { $limit } знаков. Его прочтут модераторы и опубликуют под отзывом. Ответить можно один раз.
answer-waiting = Ваш ответ читают модераторы.
answer-published = Ваш ответ опубликован.
answer-rejected = Ваш ответ не опубликован. Можно написать другой.
answer-refused = Модераторы не опубликовали ваш ответ на отзыв: { $reason }. Можно написать другой.
answer-decided-publish = ✅ Ответ опубликован — { $name }
answer-decided-reject = 🚫 Ответ отклонён: { $reason } — { $name }
button-review-answer = ↪️ Ответить
opinion-refused = Ваши слова о менторе ({ $name }) не опубликованы: { $reason }. Оценка учтена. Слова можно изменить в /my, пока отзыв открыт.
opinion-refused-void = Ваш отзыв о менторе ({ $name }) не учтён: { $reason }.
opinion-case-title = ⭐ <b>Отзыв о менторе: { $mentor }</b>
opinion-case-reply = ↪️ <b>Ответ ментора на отзыв: { $mentor }</b>
opinion-case-about = { $stars } · { $student }, в боте до отзыва дней: { $days }
opinion-superseded = ↻ Отзыв изменился: решайте по новому сообщению ниже.
opinion-changed = Отзыв изменился. Вот как есть сейчас.
opinion-case-gone = Автор удалил свои данные, отзыва больше нет.
opinion-held-burst = ⚠️ Оценка не учтена: за двое суток это не первый отзыв о менторе от нового человека.
opinion-held-same-words = ⚠️ Оценка не учтена: такие же слова есть в другом отзыве.
opinion-decided-count = ✅ Засчитано — { $name }
opinion-decided-publish = ✅ Опубликовано — { $name }
opinion-decided-reject = 🚫 Отклонено: { $reason } — { $name }
button-review-publish = ✅ Опубликовать
button-review-count = ✅ Засчитать
button-review-refuse = 🚫 Отклонить…
button-review-void = 🚫 Не засчитывать…
reject-insult = оскорбления
reject-personal-data = чужие данные
reject-advertising = реклама
reject-off-topic = не о менторстве
reject-invented = выдумано
reject-other = другая причина

## Рейтинг, элита и правила

trend-title = Рейтинг
trend-summary = { $count ->
    [0] Отзывов пока нет
    [one] { $count } отзыв
    [few] { $count } отзыва
   *[many] { $count } отзывов
}
trend-elite = 🏅 Вы в элите платформы: /elite
trend-nearly = До элиты (/elite) совсем близко. Её состав пересчитываю каждую ночь, критерии — /rules
trend-lacks = До элиты (/elite) не хватает:
trend-lacks-reviews = { $count ->
    [one] • ещё { $count } отзыва после разговора через бота
   *[other] • ещё { $count } отзывов после разговоров через бота
}
trend-lacks-stars = • оценки выше и увереннее: решает её нижняя граница
trend-lacks-answers = • ответов в течение суток
month-short = { $month ->
    [1] янв
    [2] фев
    [3] мар
    [4] апр
    [5] май
    [6] июн
    [7] июл
    [8] авг
    [9] сен
    [10] окт
    [11] ноя
   *[12] дек
}
elite-title = 🏅 <b>Элита: лучшие по отзывам учеников</b>
elite-none = Пока никто не набрал нужного: отзывы копятся.
elite-line = { $number }. <b>{ $name }</b> — { $title }
elite-hint = <i>Место в этом списке не купить, и в обычном подборе оно ничего не даёт. Критерии — /rules</i>
elite-gained = 🏅 Поздравляю: с этой ночи вы в элите платформы, в списке /elite.
elite-lost = С этой ночи вас нет в списке /elite: один из критериев больше не выполняется. На место в обычном подборе это не влияет.
rules-title = <b>Правила для менторов</b>
rules-answers = <b>Заявки.</b> Ответить нужно за пять дней, лучше — за сутки: приму, откажу, спрошу или «отвечу позже». Заявка без ответа закрывается. { $word }-я такая за { $days } дней — напоминание, { $pause }-я — пауза; вернуться можно одним нажатием.
rules-bar = <b>Черта.</b> Модераторы смотрят анкету, если после { $reviews } и более отзывов даже верхняя граница оценки ниже { $upper } или если за { $days } дней ментор { $no_shows } раза не пришёл или опоздал. Они поговорят с вами, поставят паузу или уберут анкету.
rules-elite = <b>Элита.</b> Не меньше { $reviews } отзывов после разговоров через бота, нижняя граница оценки от { $lower }, закрытая оценка учеников в среднем от { $private }, ответ за { $hours } ч на { $percent } % заявок последних { $window } дней, и не ниже черты. Проверяю каждую ночь.
rules-places = <b>Места.</b> Ни одно место ни в одном списке не продаётся и не продавалось здесь никогда.
bar-title = ⚖️ <b>Ментор ниже черты: { $name }</b>
bar-low-rating = ★ { $mean } по { $count } отзывам, верхняя граница { $upper }
bar-no-shows = { $no_shows ->
    [few] 🚪 Не пришёл или опоздал { $no_shows } раза за { $days } дней
   *[other] 🚪 Не пришёл или опоздал { $no_shows } раз за { $days } дней
}
bar-hint = <i>Поговорить — дам текст сообщения. Пауза — на месяц, ментор сам её не снимет. Убрать — анкеты не будет в каталоге, импорт её не вернёт. Решение можно отменить.</i>
bar-decided-talk = 💬 Поговорит с ментором — { $name }
bar-decided-pause = ⏸ Пауза на { $days } дней — { $name }
bar-decided-remove = 🚫 Убран из каталога — { $name }
bar-draft = Здравствуйте, { $name }! Пишу от команды платформы: в последних отзывах ученики недовольны. Давайте обсудим, что пошло не так и чем мы можем помочь?
bar-told-pause = Модераторы поставили вашу анкету на паузу на { $days } дней: по отзывам учеников она ниже черты. Что это значит — /rules. Есть что сказать — напишите команде платформы.
bar-told-remove = Модераторы убрали вашу анкету из каталога: по отзывам учеников она ниже черты. Что это значит — /rules. Есть что сказать — напишите команде платформы.
bar-told-undo = Модераторы отменили своё решение: ваша анкета снова в каталоге.
button-bar-talk = 💬 Поговорить
button-bar-pause = ⏸ Пауза
button-bar-remove = 🚫 Убрать
button-bar-undo = ↩️ Отменить решение
