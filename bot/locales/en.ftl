### Every text a person reads. The markup is Telegram's HTML.

## Questionnaire

hello =
    👋 I will find you an IT mentor: up to six questions, then three people and why I chose them.

    <i>I keep your answers and which mentors you open, to match you better; apart from the people who run this, only a mentor you send a request to sees your answers. By answering you agree to that.</i>

    Are you a mentor yourself? Your profile is under /my
question-head = <b>{ $number } of { $total }</b> · { $title }
question-editing = <b>Changing an answer</b> · { $title }
ask-direction = Which direction?
hint-direction = Tap the one that fits, or write your own.
ask-goals = What do you want to achieve?
hint-goals = Up to three.
ask-level = What is your level now?
hint-level = I will look for somebody a step or two ahead of you.
ask-skills = What do you need help with?
hint-skills = Mark what matters most, or write your own, separated by commas.
ask-budget = How much can you pay for an hour, and how do you want to work?
hint-budget = You can also write your own amount in roubles.
ask-about = What else matters?
hint-about = In your own words, up to 1000 characters: what is hard, what you prepare for, what the mentor should be like.
written = Written now: “{ $words }”

button-next = Next →
button-done = Done ✓
button-skip = Skip →
button-skip-any = Does not matter →
button-skip-direction = Not sure yet →
button-skip-about = Show me mentors →
button-back = ← Back
button-keep = ← Leave it as it is
option-chosen = ✓ { $option }

option-goals-first-job = First job
option-goals-interviews = Interviews
option-goals-next-grade = Next grade
option-goals-switch = Switch stack or role
option-goals-raise = A raise or an offer
option-goals-cv = CV and portfolio
option-goals-code-review = Code review or a project
option-goals-leading = Leading people
option-goals-other = Something else
option-level-novice = Learning from scratch
option-level-junior = Junior
option-level-middle = Middle
option-level-senior = Senior
option-level-lead = Lead or manager
option-level-head = Head of department
option-budget = up to { $amount } ₽
option-budget-0 = Free of charge
option-formats-one-off = One-off
option-formats-regular = Regular
option-formats-after-offer = Pay after the offer
option-languages-ru = Russian
option-languages-en = English
option-languages-de = German
option-languages-fr = French
option-languages-es = Spanish
option-languages-it = Italian
option-languages-pt = Portuguese
option-languages-uk = Ukrainian
option-languages-be = Belarusian
option-languages-kk = Kazakh
option-languages-uz = Uzbek
option-languages-ky = Kyrgyz
option-languages-hy = Armenian
option-languages-ka = Georgian
option-languages-az = Azerbaijani
option-languages-sr = Serbian
option-languages-pl = Polish
option-languages-cs = Czech
option-languages-tr = Turkish
option-languages-he = Hebrew
option-languages-zh = Chinese
option-languages-tt = Tatar
option-languages-ja = Japanese
option-languages-ko = Korean
option-languages-ar = Arabic
option-languages-nl = Dutch

notice-too-many = No more than { $limit } here. Take something off to add another.
notice-too-many-goals = That makes more than { $limit } goals. Keep the main ones: tap a button to take one off.
notice-too-many-skills = That makes more than { $limit } skills. Keep the main ones: tap a button to take one off.
notice-too-long = Too long: { $limit } characters fit here. Please shorten it.
notice-too-short = Too short: write at least { $limit } characters.
notice-too-long-skill = Too long for one skill: up to { $limit } characters. Put commas between skills; there is room for details elsewhere.
notice-tap-please = Please tap a button here.
notice-text-please = Text, please: I cannot read stickers and pictures.
notice-unknown-direction = I do not know the direction “{ $words }”. Choose the nearest one or skip the question.
notice-unknown-skills = I do not know “{ $words }”, but have kept it and will look for these words in mentors’ profiles.
notice-unknown-skills-near = I do not know “{ $words }”, but have kept it and will look for these words in mentors’ profiles. If you meant something similar, it comes first on the buttons.
notice-not-a-number = I could not read the amount “{ $words }”. Write one number in roubles, up to { $limit }, such as 4500.
notice-other-currency = I count in roubles only. Write the amount in roubles, up to { $limit }, such as 4500.
notice-noted = Noted: { $words }
notice-stale = That button no longer counts. Here is where we are.
notice-not-understood = I understand buttons and commands. Here is what you can do:
notice-unknown-command = There is no such command. See /help for what I can do; this is where we are.
notice-cancelled = The questionnaire is cancelled. Start a new one whenever you like.
notice-cancelled-kept = Cancelled. Your earlier answers and shortlist are still here.
notice-nothing-to-cancel = There is nothing to cancel: no questionnaire is running.

review-title = <b>Your answers</b>
review-line = { $title } <b>{ $answer }</b>
review-hint = Tap what you want to change.
review-nothing = does not matter
review-direction = Direction:
review-goals = Goal:
review-level = Level:
review-skills = Skills:
review-budget = Budget and form:
review-about = In your own words:
button-edit-direction = Direction
button-edit-goals = Goal
button-edit-level = Level
button-edit-skills = Skills
button-edit-budget = Budget and form
button-edit-about = Own words
button-show = Show me mentors

welcome-back = Welcome back! Shall we find a mentor?
button-latest = My shortlist
button-edit = Change my answers
button-new = New questionnaire

## Shortlist

shortlist-title = { $count ->
    [one] <b>{ $count } mentor fits you</b>
   *[other] <b>{ $count } mentors fit you</b>
}
shortlist-few = { $count ->
    [one] <b>{ $count } mentor fits you. The others come closest</b>
   *[other] <b>{ $count } mentors fit you. The others come closest</b>
}
shortlist-near = <b>Nobody fits exactly. These come closest</b>
shortlist-more = <b>More mentors</b>
surprise-title = 🎲 <b>Not what you asked for, but who knows</b>
shortlist-empty =
    <b>There is nobody to show yet.</b>

    No mentor in the catalogue has a free place, or you have put them all away. Please look in later.
surprise-title-first = 🎲 <b>Who knows, this may be your mentor</b>
surprise-empty = No surprise for now: no mentor in the catalogue has a free place. Please look in later.
started-over = You have seen everybody, so I begin again.
relaxed = Few fit exactly, so I gave way on this: { $limits }.
limit-timezone = time zone
limit-format = form
limit-level = level
limit-budget = budget
limit-language = language
limit-skills = skills
limit-direction = direction
legend = <i>ℹ️ more · ✍️ write · ☆ save · ✕ not for me</i>
card-numbered = { $number }. { $name }
card-title = { $title }
card-title-company = { $title } · { $company }
card-facts = { $price } · { $rating }
card-life = 🕓 { $life }
card-confirmed = in touch on { $day }
card-answers-soon = usually answers within an hour
card-answers-hours = { $count ->
    [one] usually answers in { $count } hour
   *[other] usually answers in { $count } hours
}
card-answers-days = { $count ->
    [one] usually answers in { $count } day
   *[other] usually answers in { $count } days
}
mentor-elite = 🏅 In the platform's elite
card-why = ✅ { $why }
card-risk = ⚠️ { $risk }
card-dismissed = <s>{ $name }</s>: not shown again
card-gone = 💤 Takes no new students at the moment.

price-unknown = price not stated
price-free = free of charge
price-hour = { $amount } { $currency } an hour
price-session = { $amount } { $currency } a session
price-month = { $amount } { $currency } a month
price-offer-share = { $amount } % of the offer
rating-none = no reviews yet
rating-few = { $count ->
    [one] ★ { $mean } from { $count } review, still settling
   *[other] ★ { $mean } from { $count } reviews, still settling
}
rating = { $count ->
    [one] ★ { $mean } from { $count } review
   *[other] ★ { $mean } from { $count } reviews
}

reason-direction = works in your direction: { $keys }
reason-skills = knows what you named: { $keys }
reason-related-skills = knows something close: { $keys }
reason-goals = helps with your goal: { $keys }
reason-level = more experienced than you
reason-budget = within your budget
reason-free-of-charge = free of charge
reason-format = works the way you like: { $keys }
reason-language = speaks your language: { $keys }
reason-timezone = { $value ->
    [0] in your time zone
    [one] { $value } hour apart
   *[other] { $value } hours apart
}
reason-words = writes about the same: { $keys }
reason-rating = good reviews
reason-answers-fast = { $value ->
    [0] answers within an hour
    [one] usually answers in { $value } hour
   *[other] usually answers in { $value } hours
}

risk-other-direction = another direction
risk-missing-skills = not in the profile: { $keys }
risk-over-budget = { $value } ₽ over your budget
risk-price-unknown = price not stated
risk-price-share = paid by a share of the offer, which no budget compares with
risk-other-format = another form: { $keys }
risk-other-format-unknown = another form
risk-level-too-low = not above your level
risk-level-not-helped = usually works with another level
risk-other-language = another language: { $keys }
risk-far-timezone = { $value ->
    [one] { $value } hour apart
   *[other] { $value } hours apart
}
risk-no-reviews = no reviews yet
risk-low-rating = reviews below the average
risk-rarely-answers = answers rarely: { $value } % of requests
risk-long-silent = { $value ->
    [one] silent for { $value } day
   *[other] silent for { $value } days
}

button-mentor = ℹ️ { $number }
button-mentor-long = ℹ️ More
button-saved = { $number }. { $name }
button-write = ✍️
button-save = ☆
button-unsave = ★
button-dismiss = ✕
button-restore = Bring back: { $name }
button-more = Three more →
button-surprise-more = Another surprise 🎲
button-change = Change my answers
button-to-list = ← To the list
button-to-mentor = ← Back
button-write-long = ✍️ Write
button-save-long = ☆ Save
button-unsave-long = ★ Saved
button-dismiss-long = ✕ Not for me

toast-saved = Saved. All of them: /saved
toast-unsaved = No longer saved.
toast-dismissed = I will not show this one again.
toast-restored = Brought back.
toast-foreign = This button no longer works. Begin with /start

mentor-head = <b>{ $name }</b>
mentor-facts-years = { $years ->
    [one] { $years } year of experience
   *[other] { $years } years of experience
}
mentor-why = <b>Why this one fits</b>
mentor-risks = <b>What to keep in mind</b>
mentor-line = • { $line }
mentor-skills = <b>Skills:</b> { $skills }
mentor-skills-more = { $skills } and { $count } more
mentor-goals = <b>Helps with:</b> { $goals }
helps-first-job = finding a first job
helps-interviews = preparing for interviews
helps-next-grade = growing to the next grade
helps-switch = switching stack or role
helps-raise = getting a raise or an offer
helps-cv = CV and portfolio
helps-code-review = code or project review
helps-leading = leading people
helps-other = other things
mentor-formats = <b>Form:</b> { $formats }
mentor-languages = <b>Languages:</b> { $languages }
mentor-timezone = <b>Time zone:</b> UTC{ $offset }
mentor-about = <blockquote expandable>{ $about }</blockquote>

dismiss-ask = Why is { $name } not for you? I will mind it and not show this one again.
dismiss-too-dear = Too dear
dismiss-not-my-topic = Not my topic
dismiss-wrong-level = Wrong level
dismiss-no-trust = No trust
dismiss-other = Something else

contact-title = <b>A first message to { $name }</b>
contact-draft-long = Tap the text to copy it: <code>{ $draft }</code>
contact-asked-later = <i>This mentor is not in the bot at the moment. In three days I will ask whether they answered, and find you others if not.</i>
contact-how-link = Copy it, open the chat and send it. Better still, make it yours: your own words beat a template.
contact-how-nolink = Copy the message. The catalogue has no link to the chat: look the mentor up on the platform by name.
contact-draft = <blockquote>{ $draft }</blockquote>
button-copy = 📋 Copy
button-open-chat = Open the chat
draft-hello = Hello { $name }!
draft-who = I am { $level }, direction: { $direction }.
draft-who-level = I am { $level }.
draft-who-direction = My direction is { $direction }.
draft-goal = My goal: { $goals }.
draft-holds = My question: { $words }
draft-help = Could you help me with { $skills }?
draft-help-any = Could you help, and what would you need from me?
draft-level-novice = learning from scratch
draft-level-junior = a junior
draft-level-middle = a middle
draft-level-senior = a senior
draft-level-lead = a lead
draft-level-head = a head of department

saved-title = <b>Saved mentors</b>
saved-line = { $number }. { $name }: { $title }
saved-line-gone = { $number }. { $name }: takes no new students at the moment
saved-empty = Nobody yet. Tap ☆ under a shortlist, and the mentor will be here.
saved-cut = …and { $count } more.

## The rest

language-ask = Which language shall I speak?
language-name = English
language-set = I speak English now.
help =
    <b>Shortlist finds you an IT mentor</b>

    /start: begin or go on
    /new: a new questionnaire
    /cancel: cancel the questionnaire
    /my: my requests; for a mentor, profile, requests and rating
    /saved: saved mentors
    /surprise: a good mentor you did not look for
    /elite: the best by reviews
    /notifications: what to send unasked
    /rules: rules for mentors
    /language: language
    /privacy: what is kept about me, /export: as a file, /forget: delete it
    /help: this text

    No place in a shortlist is for sale: your answers and reviews decide the order.
command-start = begin or go on
command-new = a new questionnaire
command-saved = saved mentors
command-surprise = a surprise mentor
command-cancel = cancel the questionnaire
command-language = language
command-help = what I can do
typed-gone = What you are writing about is closed or gone. What there is now: /my
too-fast = Too fast. Wait a second or two.
broken = Something broke on my side, and I have noted it. Try again, or begin with /start

## What is kept

privacy-title = <b>What I keep about you</b>
privacy-kept =
    Name: { $name }
    Questionnaires: { $questionnaires }, shortlists: { $searches }
    Mentors shown, opened and the like: { $events }
    Saved mentors: { $saved }, put away: { $dismissed }
    Requests to mentors: { $requests }, reviews: { $reviews }
    Notification settings: { $subscriptions ->
        [0] none
       *[other] kept
    }
    Messages I sent by myself, or will send: { $messages }
    Messages that could not be handled: { $failed }
privacy-consent = You agreed to this on { $date }.
privacy-why = It makes the matches better and spares you repetitions. Apart from the people who run this, only a mentor you send a request to sees your answers. /export hands all of it over as a file, /forget deletes it.
button-export = Get it as a file
export-caption = Everything I keep about you, table by table, as JSON. /forget deletes it.
button-forget = Forget everything
button-forget-sure = Yes, delete everything
forget-ask = Delete your answers, shortlists, saved mentors, requests, reviews and the whole history? I will take back the requests that wait for an answer. There is no way back.
forgotten = Done, I have forgotten everything. If you change your mind: /start
command-privacy = what is kept about me

## The channel of new mentors, and links from it

card-newcomer = New mentor
announce-title = 👋 New mentor: <b>{ $name }</b>
announce-closed = ⏸ <b>Takes no new students at the moment</b>
announce-price = <b>Price:</b> { $price }
announce-places = <b>Free places:</b> { $count }
announce-digest-title = { $count ->
    [one] 👋 <b>And { $count } more new mentor</b>
   *[other] 👋 <b>And { $count } more new mentors</b>
}
announce-digest-direction = <b>{ $direction }</b>
announce-digest-other = <b>Other</b>
announce-digest-line = • <a href="{ $url }">{ $name }</a>: { $title }, { $price }
announce-digest-hint = <i>Tap a name to open the profile.</i>
button-open-mentor = Open the profile
button-find-other = Find me another one
button-find-mine = Find me a mentor
link-title = <b>You came by a link</b>
link-closed = { $name } takes no new students at the moment. Let me find you another mentor.
link-unknown = I do not know this link: it may be old, or cut short. Never mind, you can start without it 👇
link-unknown-claim = There is no such link to a profile: it may have been replaced by a new one. If you mentor at the platform, ask its team to send the link again. And if you are looking for a mentor, start right here 👇
link-kept = <i>I keep that you opened this profile, to choose better for you. To see or delete that: /privacy</i>
link-gone = This mentor is not in the catalogue any more. Let me find you another one.

## What comes by itself

command-notifications = what to send unasked
notifications-title = <b>What I send without being asked</b>
notifications-newcomers-on = 🔔 <b>New mentors:</b> I write when one comes who fits you well. At most once a day.
notifications-newcomers-off = 🔕 <b>New mentors:</b> I send none.
notifications-digest-on = 🗓 <b>Weekly picks:</b> up to three fitting mentors whom you have not seen yet; if there are none, I do not write. { $day }, { $hour } (UTC{ $offset }).
notifications-digest-off = 🔕 <b>Weekly picks:</b> I send none.
notifications-no-answers = For me to know who fits you, answer the questions first: /start
notifications-first = 🔔 I can send you something once I know who fits you. Answer the questions and come back here: /notifications
notifications-ask-day = On which day shall I send weekly picks?
notifications-ask-hour = At what hour shall I send weekly picks? The time is UTC{ $offset }.
weekday-1 = Monday
weekday-2 = Tuesday
weekday-3 = Wednesday
weekday-4 = Thursday
weekday-5 = Friday
weekday-6 = Saturday
weekday-7 = Sunday
button-newcomers-on = 🔔 Send me new mentors
button-newcomers-off = 🔕 No new mentors
button-digest-on = 🗓 Send me weekly picks
button-digest-off = 🔕 No weekly picks
button-digest-day = Day
button-digest-hour = Hour
button-subscribe = 🔔 Send me new mentors
button-unsubscribe = 🔕 No more of these
button-resubscribe = 🔔 Send them again
toast-subscribed = I will. To change it: /notifications
toast-unsubscribed-newcomers = No more new mentors. Changed your mind? The button is under the message.
toast-unsubscribed-digest = No more weekly picks. Changed your mind? The button is under the message.
toast-notifications = Saved.
digest-title = { $count ->
    [one] 🗓 <b>Weekly picks: a mentor you have not seen yet</b>
   *[other] 🗓 <b>Weekly picks: mentors you have not seen yet</b>
}
newcomer-title = 🆕 <b>A new mentor who fits you</b>

## A mentor's own profile

command-my = my requests, my mentor profile
command-elite = the best by reviews
command-rules = rules for mentors
my-title = <b>Your mentor profile</b>
status-active = 🟢 You are in shortlists: students see you.
status-full = 🟡 You have no free places, so I do not show you. Once you have one, set it under “Update my data”.
status-held = 🟡 All your places are held by requests that wait for your answer: you are shown to no new students for now.
status-paused-until = ⏸ You are on a break until { $day }: nobody is shown your profile until I bring it back that day.
status-paused = ⏸ You are on a break: nobody is shown your profile until you come back.
status-stale = 💤 Your profile is hidden: I got no answer whether you still mentor. One tap brings it back.
status-left = 👋 You do not mentor any more: students do not see your profile. One tap if you change your mind.
status-expelled = 🚫 Moderators took your profile out of the catalogue. Why that happens: /rules. If it is a mistake, write to the platform's team.
status-removed = 🚫 The platform took your profile out of the catalogue, so I do not show it. Only the platform's team can bring it back.
my-asked = ❓ I asked whether you still mentor and wait for your answer.
my-figures-none = In the last 30 days I have not shown you to anybody.
my-figures-shown = { $count ->
    [one] In the last 30 days I showed you { $count } time.
   *[other] In the last 30 days I showed you { $count } times.
}
my-figures-more = Opened: { $opened }, saved: { $saved }.
my-figures-requests = Wrote to you: { $written }, you accepted: { $accepted }.
advice-few-skills = 💡 I hardly show you to anybody: few skills. Add what you help with under “Update my data”.
advice-no-goals = 💡 I hardly show you to anybody: your profile does not say what you help with. That is under “Update my data”.
advice-no-price = 💡 Students see you but do not write: there is no price. You can set one under “Update my data”.
advice-no-about = 💡 Students see you but do not write: your profile says little about you. Tell more under “Update my data”.
advice-slow = 💡 Students write to you but wait longer than a day. An answer on the same day wins trust and a better place in shortlists.
my-seen-so = 👇 This is what students see:
my-unseen = 👇 Your profile:
my-levels = <b>Whom you help:</b> { $levels }
my-places = <b>Free places:</b> { $count }
my-edit = <b>What shall we update?</b> Students see changes at once.
my-edit-unseen = <b>What shall we update?</b> Students will see changes when you are in shortlists again.
my-ask-price-hour = What does an hour with you cost? Write a sum in roubles, such as 4500. Do you charge by the session or the month? Then say so: “30000 a month”.
my-ask-price-session = What does a session with you cost? Write a sum in roubles, such as 4500. Do you charge by the hour or the month? Then say so: “30000 a month”.
my-ask-price-month = What does a month with you cost? Write a sum in roubles, such as 30000. Do you charge by the hour or the session? Then say so: “4500 per hour”.
my-now = Now: { $value }.
my-ask-about = Tell about yourself: whom you help, with what, and how you work. One message of up to { $limit } characters: it replaces what is there.
my-ask-places = How many students can you take now? With none, I do not show you.
my-ask-formats = How do you like to work? Choose all that fit.
my-ask-levels = Whom do you help? Choose all you are ready to work with. With nobody chosen, any level is fine.
my-ask-goals = What do you help with? Choose all you are ready to take on.
my-ask-languages = Which languages do you hold sessions in? Choose all.
my-ask-skills = What do you know and help with? Write your skills with commas between them, up to { $limit } characters: the new list replaces what is there.
my-now-skills = Now (tap to copy): <code>{ $skills }</code>
my-unknown-skills = I do not know “{ $words }” but have kept it as it is: students find you by these words, too.
my-pause = How long a break? You will not be in shortlists, and when it ends, I bring you back and write to you.
my-calendar = Until which day? That morning I bring you back.
my-leave = You really do not mentor any more? Students will not see you. If you change your mind, one tap in /my brings you back.
calendar-weekdays = Mo Tu We Th Fr Sa Su
calendar-month = { $month } { $year }
calendar-closed = ·
month-name = { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
}
button-my-active = ✅ Yes, I take students
button-my-return = ▶️ Back into shortlists
button-my-pause = ⏸ A break…
button-my-prolong = ⏸ A longer break…
button-my-edit = ✏️ Update my data
button-my-leave = I do not mentor any more
button-my-left = Yes, I do not mentor any more
button-my-show = My profile
button-my-months = { $months ->
    [one] { $months } month
   *[other] { $months } months
}
button-my-day = 📅 Choose a day
button-my-price = Price
button-my-places = Places
button-my-formats = Form
button-my-levels = Whom I help
button-my-goals = What I help with
button-my-skills = Skills
button-my-languages = Languages
button-my-about = About me
button-my-free = Free of charge
button-my-rating = 📈 Rating and reviews
button-my-notifications = 🔔 Set notifications
button-my-cancel = Cancel
profile-confirmed = Thank you for being there!
profile-returned = Welcome back! Your profile is open again.
profile-returned-unseen = Welcome back! Now say how many places are free: without them I show you to nobody.
profile-paused = You are on a break now. Enjoy it!
profile-left = Nobody is shown your profile any more. Thank you for having been with us!
profile-changed = Updated: students see it already.
profile-changed-unseen = Updated. Students will see it when you are in shortlists again.
profile-claimed = Done, the profile is yours. /my shows it at any time.
profile-removed = The platform took this profile out of the catalogue.
profile-expelled = Moderators took this profile out of the catalogue. The rules: /rules
profile-held = Moderators keep this break: you can come back when it ends. The rules: /rules
profile-past-day = That day has passed. Choose another one.
profile-not-asked = This is an old button: the price is as it was. Change it under “Price”.
claim-ask = <b>Is this your profile?</b>
claim-why = If it is, you can change it, take a break, and see how many students opened it.
button-claim-yes = Yes, it is mine
button-claim-no = No, it is not
no-profile-none = You have no requests and no saved mentors yet. There is no mentor profile under the username @{ $username }. If you are a mentor of the platform, ask its team for a link to your profile. If you look for a mentor: /start
no-profile-no-username = You have no requests and no saved mentors yet. You have no username in Telegram, so I cannot find your profile. If you are a mentor of the platform, ask its team for a link to it. If you look for a mentor: /start
no-profile-unknown-link = There is no such link to a profile: it may have been replaced by a new one. Ask the platform's team for it again; your own profile is under /my
no-profile-used-link = This link has been used, and it works only once. If the profile is yours, write to the platform's team.
no-profile-taken = Somebody else has claimed this profile. If it is yours, write to the platform's team.
no-profile-has-another = You have a profile already, and there can be only one. See it: /my
no-profile-removed = The platform took this profile out of the catalogue. Only its team can bring it back.

## Do you still mentor

check-in-0 =
    { $name }, do you still mentor?

    I have not heard from you for long, and I show students only those who answer. One tap is enough.
check-in-1 =
    { $name }, a reminder: do you still mentor?

    Without an answer within two weeks I hide your profile, so that students do not write in vain.
check-in-2 =
    { $name }, I ask for the last time: do you still mentor?

    In a week I hide your profile. One tap will bring it back.
hidden =
    I have hidden your profile: for three weeks there was no answer whether you still mentor.

    Nothing is lost. One tap, today or in half a year, and students see it again.
pause-ended =
    Your break is over, and you are in shortlists again.

    Too early? Make the break longer.
pause-ended-full =
    Your break is over, but you have no free place, so I show you to nobody yet.

    Ready for students? Say how many. Too early? Make the break longer.
claims-title =
    <b>Mentors who are not in the bot yet</b>

    They have been silent for long, and I cannot ask them. Please send each of them their link: it works once. A button with a name copies a message to pass on.
claims-mentor = • { $name }: @{ $username }
claims-mentor-without = • { $name }
claims-link = <code>{ $link }</code>
claims-hello = Hello, { $name }! Students find you in the catalogue of mentors. Please confirm that you still mentor: { $link }
button-claim-copy = 📋 { $name }
claims-more = { $count ->
    [one] { $count } more mentor waits for their turn.
   *[other] { $count } more mentors wait for their turn.
}

## The moderators' group: what the delivery could not decide

unsure-title = ❓ <b>It is not known whether this post went out</b>
unsure-hint = The connection broke while it was being sent. Look into the channel: say so if it is there, and post it if it is not.
parked-title = { $count ->
    [one] ⚠️ <b>{ $count } message was not delivered</b>
   *[other] ⚠️ <b>{ $count } messages were not delivered</b>
}
parked-rest = { $count ->
    [one] { $count } more waits: I will show it when these are decided.
   *[other] { $count } more wait: I will show them when these are decided.
}
case-0 = A reply
case-1 = A request
case-2 = A reminder
case-3 = A post
case-4 = A digest
case-edit = An edit of a message
case-delete = A deletion of a message
case-head = { $place }<b>{ $what }</b>, chat <code>{ $chat }</code>
case-excerpt = <blockquote>{ $text }</blockquote>
case-person = <b>To:</b> <a href="tg://user?id={ $id }">{ $name }</a>
case-mentor = <b>About:</b> { $name }
case-reason = <b>Reason:</b> <code>{ $reason }</code>
case-reason-known = <b>Reason:</b> { $cause } <code>{ $reason }</code>
cause-chat-not-found = there is no such chat, or the bot is not in it. Check the chat's number and add the bot.
cause-kicked = the bot is not in this channel or group. Bring it back and let it write.
cause-no-rights = the bot may not write there. Make it an administrator.
cause-too-long = the message is longer than Telegram takes. To send it again will not help.
cause-entities = Telegram could not read the markup: that is our mistake. To send it again will not help.
decided-there = ✅ It is there — { $name }
decided-post = 🔁 Posting it again — { $name }
decided-retry = 🔁 Sending it again — { $name }
decided-drop = 🗑 Put away — { $name }
decided-otherwise = ☑️ Nothing left to decide
button-post-there = ✅ It is there{ $place }
button-post-again = 📣 Post it{ $place }
button-retry = 🔁 Try again{ $place }
button-drop = 🗑 Put away{ $place }
toast-decided = Done
toast-decided-before = That has been decided

## Requests

request-title = <b>Request</b> · { $name }
request-words = <blockquote>{ $words }</blockquote>
request-answers = <b>In short:</b> { $answers }
request-question = ❓ <b>Question:</b> { $words }
request-reply = 💬 <b>Reply:</b> { $words }
request-no-contact-yet = <i>The mentor will see your name, this message and your answers. You both get each other's contact once they accept. By sending or changing it you agree to that.</i>
request-outside = <i>This mentor is not in the bot at the moment: I will show you their link, and you write to them yourself. I will keep that you wanted to, and ask in three days whether there was an answer. By tapping you agree to that.</i>
request-forgotten = This request is no more: the student had their data deleted.
request-no-username = ⚠️ You have no username in Telegram, so the mentor can hardly write to you. Better set one in the settings; until then, you will be the one to write first.
request-words-kept = Noted. This is what the mentor will get:
request-ask-words = Write your own message to { $name }, from { $shortest } to { $longest } characters: it replaces what is there.
request-words-now = Now (tap to copy): <code>{ $words }</code>
request-ask-reply = Write your reply in one message of up to { $limit } characters, and I will pass it on to { $name }.
request-ask-question = Write your question to { $name } in one message of up to { $limit } characters: I will pass it on and bring you the reply. You can ask one question.
request-contact = <b>Contact:</b> { $contact }
request-contact-gone = <i>The mentor had their data deleted from the bot: I have no contact any more.</i>
request-student-away = <i>The student has blocked the bot and will not read about this: write first, if the contact opens.</i>
request-contact-may-fail = <i>This person has no username. If the link does not open, they will write to you: they have your contact.</i>
request-later = Until which day shall { $name } wait? I will tell them, and remind you that morning.
request-refuse = Why do you decline? I will tell { $name }: it makes it easier to find another mentor.
request-offer-pause = If you are on a break now, tell me for how long: you will not be in shortlists, and no requests will come.
request-day = { $weekday }, { $day }

request-is-sent = ⏳ Waiting for the mentor's answer. If there is none by { $until }, the request closes by itself.
request-is-asked = ❓ The mentor has a question and waits for your reply until { $until }.
request-is-replied = ⏳ I have passed your reply on. The mentor has until { $until } to decide.
request-is-postponed = ⏳ The mentor asks you to wait until { $day }.
request-is-accepted = ✅ The mentor has accepted your request. Write first: it is faster.
request-is-talked = ✅ You have talked.
request-is-declined = ✕ The mentor declined: { $reason }.
request-is-not-written = Fine. When you want to write, open the mentor and tap "Write".
request-is-withdrawn = ↩️ You took this request back. You can write to this mentor again in a month.
request-is-expired = ⌛ The mentor did not answer in five days, and the request is closed.
request-is-lapsed = ⌛ The request is closed: I got no answer from you.
request-is-closed = 💤 The mentor takes no students at the moment, and the request is closed.
request-is-missed = ✕ You did not get to talk.
request-is-going-on = ✅ You are going on together.
request-is-finished = ✅ You talked, and left it at that.
request-is-reached = ✅ The mentor answered you.
request-is-unreached = ✕ The mentor did not answer.

request-to-sent = <i>Please answer by { $until }: after that the request closes, and the student goes to somebody else.</i>
request-to-asked = <i>The student has your question and until { $until } to reply. You can accept or decline already.</i>
request-to-replied = <i>Please decide by { $until }.</i>
request-to-postponed = <i>You asked for time until { $day }. After that day you have one more.</i>
request-to-accepted = ✅ You accepted the request. The student has your contact, too.
request-to-over = ✅ You accepted this request.
request-to-declined = ✕ You declined: { $reason }.
request-to-withdrawn = ↩️ The student took the request back. No need to answer.
request-to-expired = ⌛ There was no answer for five days, and the request is closed.
request-to-lapsed = ⌛ The student did not reply to your question, and the request is closed. It does not count against you.
request-to-closed = 💤 The request is closed: you take no students at the moment.
request-to-missed = ✕ The student says that you did not get to talk.

request-state-sent = waiting for an answer
request-state-asked = ❓ a question for you
request-state-replied = waiting for a decision
request-state-postponed = asks you to wait
request-state-accepted = ✅ accepted
request-state-talked = ✅ you talked
request-state-declined = declined
request-state-withdrawn = taken back
request-state-expired = no answer
request-state-lapsed = closed
request-state-closed = mentor on a break
request-state-missed = you did not talk
request-state-going-on = ✅ going on
request-state-finished = finished
request-state-outside = you wrote yourself
request-state-reached = answered
request-state-unreached = did not answer

request-notice-sent = Sent! I will write as soon as the mentor answers.
request-notice-done = Noted, thank you.
request-notice-withdrawn = Taken back.
request-notice-accepted = Accepted! You both have each other's contact now.
request-notice-declined = I have passed it on. Thank you for answering.
request-notice-asked = I have passed your question on. The reply will come here.
request-notice-replied = I have passed your reply on to the mentor.
request-notice-postponed = All right, I have told the student.
request-notice-moved-on = Things have changed while you were thinking. This is how they are now.
request-notice-past-day = That day has passed. Choose another one.

refusal-too-many = Only { $count } requests can wait for an answer at a time, and you have that many. Take one back or wait for an answer, and then write here, too.
refusal-own = This is your own profile: no need to write to yourself.
refusal-hidden = { $name } takes no new students at the moment. Have a look at the others.
refusal-full = { $name } has no free place just now: other students are waiting for an answer. Save the profile and look in again in a day or two, or have a look at the others.
refusal-recent = Not long ago a request of yours to { $name } was declined, or you took it back. You can write again a month after that.

button-request-send = 📨 Send
button-request-contact = Show the link
button-request-edit = ✏️ Change the text
button-request-withdraw = ↩️ Take back
button-request-reply = 💬 Reply
button-request-others = Show me three others
button-request-look = Open the request
button-request-accept = ✅ Accept
button-request-ask = ❓ Ask
button-request-later = ⏳ Answer later
button-request-refuse = ✕ Decline
button-requests = 📨 My requests
button-requests-own = 📨 My requests as a student
button-requests-saved = ☆ Saved: { $count }
button-waiting = 📨 Waiting for an answer: { $count }
button-taken = 📨 My students
button-open-student = Write to the student
button-outside-reached = ✅ Answered
button-outside-silent = ✕ Silent
button-outside-not-written = I did not write
button-talk-yes = ✅ Yes
button-talk-not-yet = ⏳ Not yet
button-talk-no = ✕ No
button-talked = ✅ We talked
button-not-talked = ✕ We did not
button-goes-on = ✅ Yes, we go on
button-goes-on-no = No, we are done

decline-no-time = No time
decline-not-my-topic = Not my topic
decline-wrong-level = Wrong level
decline-on-a-break = I am on a break
decline-other = Something else
declined-no-time = no time
declined-not-my-topic = not the right topic
declined-wrong-level = another level of students
declined-on-a-break = on a break at the moment
declined-other = the mentor gave no reason

request-from = 📨 <b>Request: { $name }</b>
mentor-news-new = 📨 <b>A new request: { $name }</b>
mentor-news-waits = ⏰ <b>A request waits for your answer: { $name }</b>
mentor-news-replied = 💬 <b>A reply to your question: { $name }</b>
news-accepted-title = 🎉 <b>{ $name } takes you on!</b>
news-asked-title = ❓ <b>{ $name } asks you</b>
news-declined = { $name } cannot take you on: { $reason }. Never mind: I can show you who else there is.
news-asked-again = A reminder: { $name } has a question and waits for your reply.
news-postponed = { $name } asks you to wait until { $day }. Your request stays, and meanwhile you can have a look at others.
news-late = { $name } has not answered yet. Your request stays, but you need not just sit and wait: I can show you three others.
news-expired = { $name } did not answer in five days, and the request is closed. I am sorry. Shall we find somebody else?
news-closed = { $name } takes no students any more, and the request is closed. Shall we find somebody else?
news-outside = You were about to write to { $name }. Did the mentor answer?
news-talked = Did you get to talk to { $name }?
news-goes-on = It is a month since you talked to { $name }. Are you going on together?
unanswered = { $count ->
    [one] In the last month { $count } request was left without your answer. The student waited and went away. No time? Take a break: that is fine, and no requests will come.
   *[other] In the last month { $count } requests were left without your answer. The students waited and went away. No time? Take a break: that is fine, and no requests will come.
}
unanswered-paused = { $count ->
    [one] In the last month { $count } request was left without an answer, so I have put you on a break: no new students will come and wait in vain. Once you are ready to answer, one tap brings you back into shortlists. The rules: /rules
   *[other] In the last month { $count } requests were left without an answer, so I have put you on a break: no new students will come and wait in vain. Once you are ready to answer, one tap brings you back into shortlists. The rules: /rules
}
waiting-title = <b>Waiting for your answer</b>
waiting-line = • { $name }: by { $until }
waiting-line-asked = • { $name }: the student has your question, by { $until }
waiting-none = Nobody waits for your answer at the moment.
taken-title = <b>You accepted</b>
taken-line = • { $name }
requests-live = <b>Now</b>
requests-past = <b>Earlier</b>
requests-line = { $number }. { $name }: { $state }
requests-none = No requests yet. Open a shortlist and tap ✍️ under somebody you like.
requests-mentor = <i>Are you a mentor yourself? Ask the platform's team for a link to your profile, and it will be here.</i>

## What was missing

missing-ask = Not long ago I showed you mentors, and you wrote to none of them. What was missing? I will mind it next time.
missing-too-dear = Too dear
missing-not-my-topic = Not my topic
missing-nobody-answers = Nobody answers
missing-just-looking = Just looking
missing-noted-too-dear = Got it: I will look for cheaper ones, up to { $amount } ₽ a session.
missing-noted-too-dear-unknown = Got it: I will look for cheaper ones.
missing-noted-not-my-topic = Got it: I will be stricter about topic and skills, and will not repeat those you have seen.
missing-noted-nobody-answers = Got it: those who answer fast come first. Send your request right here: mentors who stay silent are put on a break.
missing-noted-just-looking = Look around as long as you like. I can send you three new ones once a week.
button-missing-next = Show me three

## Reviews

miss-ask = Why did you not get to talk? This is about your request to { $name }.
miss-absent = The mentor did not come
miss-no-agreement = We did not agree
miss-changed-mind = I changed my mind
miss-other = Something else
opinion-ask-stars = Great! How was it? Everybody will see the stars, and nobody your name. The mentor: { $name }
opinion-ask-progress = How far did it bring you? Only the people who run this see your answer, { $name } will not know it.
opinion-ask-traits = What stands out? Choose all that fit: { $name }
opinion-ask-nps = Would you recommend this mentor to a friend? 0 is never, 10 is by all means: { $name }
opinion-ask-words = Tell in a few words what helped and what could be better. One message of up to { $limit } characters: moderators read it first, then everybody. The mentor: { $name }
progress-5 = 🚀 Much further than I expected
progress-4 = 🙂 Further than I expected
progress-3 = 👌 As far as I expected
progress-2 = 🙁 Less far than I expected
progress-1 = 👎 Nowhere
trait-explains = explains clearly
trait-plan = gave me a plan
trait-reviewed = went through my work
trait-interviews = prepared me for interviews
trait-honest = honest about their limits
trait-unprepared = was not prepared
trait-late = came late or not at all
trait-count = { $trait } ({ $count })
opinion-title = <b>Your review</b> · { $name }
opinion-stars = Stars: { $stars }
opinion-progress = Brought me: { $value }
opinion-traits = Stands out: { $traits }
opinion-nps = Would recommend: { $value } of 10
opinion-words = <blockquote>{ $words }</blockquote>
opinion-reply = ↪️ <b>The mentor:</b> { $words }
opinion-head = { $stars } · { $day }
opinion-state-none = Your stars count. Thank you!
opinion-state-waiting = Your stars count, and moderators are reading your words. Thank you!
opinion-state-published = Your review is published. Thank you!
opinion-state-rejected = Your stars count, but moderators did not publish your words. You can change them.
opinion-state-held = Moderators are looking at your review: it will count after that.
opinion-state-void = Moderators decided not to count this review.
opinion-until = <i>You can change it until { $day }.</i>
opinion-thanks = Thank you! I have passed it on to the moderators.
opinion-closed = This review cannot be changed any more.
button-review = ⭐ My review
button-review-without-words = No words →
button-review-stars = Stars
button-review-progress = How far it brought me
button-review-traits = What stands out
button-review-words = Change the words
button-review-add-words = Add words
button-reviews = ⭐ Reviews
reviews-title = <b>Reviews</b> · { $name }
reviews-traits = Named most often: { $traits }
reviews-none = No words yet, only stars.
button-newer = ← Newer
button-older = Older →
answer-title = ⭐ <b>A new review about you</b>
answer-none = <i>You can answer once: everybody will see it under the review.</i>
answer-ask = Write your answer in one message of up to { $limit } characters. Moderators read it and publish it under the review. You can answer once.
answer-waiting = Moderators are reading your answer.
answer-published = Your answer is published.
answer-rejected = Your answer was not published. You can write another one.
answer-refused = Moderators did not publish your answer to a review: { $reason }. You may write another one.
answer-decided-publish = ✅ Answer published — { $name }
answer-decided-reject = 🚫 Answer refused: { $reason } — { $name }
button-review-answer = ↪️ Answer
opinion-refused = Your words about { $name } were not published: { $reason }. Your stars count. You can change the words under /my while the review is open.
opinion-refused-void = Your review of { $name } was not counted: { $reason }.
opinion-case-title = ⭐ <b>A review of { $mentor }</b>
opinion-case-reply = ↪️ <b>The mentor's answer to a review: { $mentor }</b>
opinion-case-about = { $stars } · { $student }, days in the bot before the review: { $days }
opinion-superseded = ↻ The review has changed: decide by the newer message below.
opinion-changed = The review has changed. This is what it says now.
opinion-case-gone = The author has deleted their data, and the review is gone.
opinion-held-burst = ⚠️ The stars do not count yet: within two days this is not the first review of this mentor by somebody new.
opinion-held-same-words = ⚠️ The stars do not count yet: another review has the same words.
opinion-decided-count = ✅ Counted — { $name }
opinion-decided-publish = ✅ Published — { $name }
opinion-decided-reject = 🚫 Rejected: { $reason } — { $name }
button-review-publish = ✅ Publish
button-review-count = ✅ Count it
button-review-refuse = 🚫 Reject…
button-review-void = 🚫 Do not count…
reject-insult = insults
reject-personal-data = other people's data
reject-advertising = advertising
reject-off-topic = not about mentoring
reject-invented = invented
reject-other = another reason

## The rating, the elite and the rules

trend-title = Rating
trend-summary = { $count ->
    [0] No reviews yet
    [one] { $count } review
   *[other] { $count } reviews
}
trend-elite = 🏅 You are in the platform's elite: /elite
trend-nearly = You are very close to the elite (/elite). I work out anew who is in it every night; what it takes: /rules
trend-lacks = For the elite (/elite) you still need:
trend-lacks-reviews = { $count ->
    [one] • { $count } more review after a talk through the bot
   *[other] • { $count } more reviews after talks through the bot
}
trend-lacks-stars = • a higher and surer rating: its lower bound counts
trend-lacks-answers = • answers within a day
month-short = { $month ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
}
elite-title = 🏅 <b>The elite: the best by students' reviews</b>
elite-none = Nobody has what it takes yet: reviews are still coming in.
elite-line = { $number }. <b>{ $name }</b>: { $title }
elite-hint = <i>A place in this list cannot be bought, and it changes nothing in an ordinary shortlist. What it takes: /rules</i>
elite-gained = 🏅 Congratulations: since this night you are in the platform's elite, in the list /elite.
elite-lost = Since this night you are not in the list /elite: one thing it takes is missing now. Your place in ordinary shortlists stays as it was.
rules-title = <b>Rules for mentors</b>
rules-answers = <b>Requests.</b> Answer within five days, better within one: accept, decline, ask, or “answer later”. A request without an answer closes. With { $word } of those in { $days } days I remind you, with { $pause } I put you on a break; one tap brings you back.
rules-bar = <b>The bar.</b> Moderators look at a profile if after { $reviews } or more reviews even the upper bound of its rating is below { $upper }, or if the mentor did not come or came late { $no_shows } times in { $days } days. They will talk to you, pause your profile or take it out of the catalogue.
rules-elite = <b>The elite.</b> At least { $reviews } reviews after talks through the bot, a lower bound of the rating of { $lower } or more, a private rating by students of { $private } on average, an answer within { $hours } hours to { $percent } % of the requests of the last { $window } days, and not below the bar. I check every night.
rules-places = <b>Places.</b> No place in any list is for sale here, and none has ever been.
bar-title = ⚖️ <b>A mentor below the bar: { $name }</b>
bar-low-rating = { $count ->
    [one] ★ { $mean } from { $count } review, upper bound { $upper }
   *[other] ★ { $mean } from { $count } reviews, upper bound { $upper }
}
bar-no-shows = { $no_shows ->
    [one] 🚪 Came late or not at all { $no_shows } time in { $days } days
   *[other] 🚪 Came late or not at all { $no_shows } times in { $days } days
}
bar-hint = <i>Talk: I give you the words of a message. Pause: for a month, and the mentor cannot end it. Remove: the profile leaves the catalogue, and an import does not bring it back. You can undo what you decide.</i>
bar-decided-talk = 💬 Will talk to the mentor — { $name }
bar-decided-pause = ⏸ Paused for { $days } days — { $name }
bar-decided-remove = 🚫 Removed from the catalogue — { $name }
bar-draft = Hello, { $name }! I write for the platform's team: in their latest reviews your students are not happy. Shall we talk about what went wrong and how we can help?
bar-told-pause = Moderators have paused your profile for { $days } days: by students' reviews it is below the bar. What that means: /rules. If you have something to say, write to the platform's team.
bar-told-remove = Moderators have taken your profile out of the catalogue: by students' reviews it is below the bar. What that means: /rules. If you have something to say, write to the platform's team.
bar-told-undo = Moderators have undone their decision: your profile is in the catalogue again.
button-bar-talk = 💬 Talk
button-bar-pause = ⏸ Pause
button-bar-remove = 🚫 Remove
button-bar-undo = ↩️ Undo the decision
