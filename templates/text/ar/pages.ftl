# Every page
error-prefix = خطأ
summary-title = يُرجى مراجعة هذا
continue = متابعة
terms = الشروط
privacy = الخصوصية
signed-in-as = أنت مسجّل الدخول باسم { $who }.

# Identifier
sign-in-title = تسجيل الدخول
create-title = أنشئ حسابك
lead = سنرسل إليك رمزًا. لا حاجة إلى كلمة مرور.
phone-country = البلد
phone-number = رقم الهاتف المحمول
phone-why = نستخدم رقمك لإرسال رموز الدخول فقط.
email-address = البريد الإلكتروني
email-why = نستخدم بريدك لإرسال رموز الدخول فقط.
use-phone = استخدام رقم هاتف بدلًا من ذلك
use-email = استخدام البريد الإلكتروني بدلًا من ذلك
use-other = المتابعة عبر { $name }
country-search = ابحث بالاسم أو الرمز
country-found = عدد البلدان:
confirm-lead = سنرسل رمزًا إلى { $to }. لا حاجة إلى كلمة مرور.
send-code = إرسال الرمز

# Passcode
passcode-title = أدخل الرمز
sent-sms = أرسلنا رمزًا في رسالة نصية إلى { $to }.
sent-whatsapp = أرسلنا رمزًا عبر واتساب إلى { $to }. راجع واتساب على هاتفك.
sent-telegram = أرسلنا رمزًا عبر تيليجرام إلى { $to }. راجع تيليجرام على هاتفك.
sent-voice = نتصل الآن بالرقم { $to } لإملاء رمز عليك.
sent-email = أرسلنا رمزًا بالبريد الإلكتروني إلى { $to }.
tried-to-send = حاولنا إرسال رمز إلى { $to }.
progress-sending = { $by ->
    [whatsapp] جارٍ إرساله عبر واتساب…
    [telegram] جارٍ إرساله عبر تيليجرام…
    [voice] نتصل بك الآن…
    [email] جارٍ إرساله بالبريد الإلكتروني…
   *[sms] جارٍ إرساله في رسالة نصية…
}
progress-sent = { $by ->
    [whatsapp] أُرسل عبر واتساب.
    [telegram] أُرسل عبر تيليجرام.
    [voice] سيرنّ هاتفك بعد لحظات.
    [email] أُرسل بالبريد الإلكتروني.
   *[sms] أُرسل في رسالة نصية.
}
progress-delivered = { $by ->
    [whatsapp] وصل عبر واتساب.
    [telegram] وصل عبر تيليجرام.
    [voice] اتصلنا بك.
    [email] وصل بالبريد الإلكتروني.
   *[sms] وصل في رسالة نصية.
}
progress-fell = { $from ->
    [whatsapp] لم يوصله واتساب.
    [telegram] لم يوصله تيليجرام.
    [voice] لم نتمكن من الوصول إليك هاتفيًا.
    [email] لم تصل الرسالة الإلكترونية.
   *[sms] لم تصل الرسالة النصية.
} { $to ->
    [whatsapp] الرمز نفسه في طريقه إليك عبر واتساب.
    [telegram] الرمز نفسه في طريقه إليك عبر تيليجرام.
    [voice] نتصل بك الآن لإملاء الرمز نفسه.
    [email] الرمز نفسه في طريقه إليك بالبريد الإلكتروني.
   *[sms] الرمز نفسه في طريقه إليك في رسالة نصية.
}
progress-undelivered = { $by ->
    [email] تعذّر علينا إيصاله. راجع البريد الإلكتروني، أو اختر طريقة أخرى.
   *[other] تعذّر علينا إيصاله. راجع الرقم، أو اختر طريقة أخرى.
}
progress-paused = الرسائل النصية والمكالمات متوقفة لبعض الوقت. اختر طريقة أخرى، أو حاول لاحقًا.
progress-bad-number = { $by ->
    [email] يبدو أن هذا البريد الإلكتروني غير موجود. راجعه.
   *[other] يبدو أن هذا الرقم غير موجود. راجعه.
}
progress-opted-out = { $by ->
    [whatsapp] طُلب منا التوقف عن إرسال رسائل واتساب إلى هذا الرقم. اختر طريقة أخرى.
    [telegram] طُلب منا التوقف عن إرسال رسائل تيليجرام إلى هذا الرقم. اختر طريقة أخرى.
    [voice] طُلب منا التوقف عن الاتصال بهذا الرقم. اختر طريقة أخرى.
    [email] طُلب منا التوقف عن مراسلة هذا البريد. اختر طريقة أخرى.
   *[sms] طُلب منا التوقف عن إرسال رسائل نصية إلى هذا الرقم. اختر طريقة أخرى.
}
progress-forbidden = { $by ->
    [email] لا يمكننا إرسال رموز إلى هذا البريد. اختر طريقة أخرى.
   *[other] لا يمكننا إرسال رموز إلى هذا الرقم بهذه الطريقة. اختر طريقة أخرى.
}
tag-on-message = تحمل رسالتنا العلامة { $tag }.
code-label = { $digits ->
    [few] رمز من { $digits } أرقام
   *[other] رمز من { $digits } رقمًا
}
paste-code = لصق الرمز
no-code-title = لم يصلك الرمز؟
no-code-spam = قد تجده في مجلد الرسائل غير المرغوب فيها.
resend = إرسال الرمز مرة أخرى
by-sms = إرساله برسالة نصية بدلًا من ذلك
by-whatsapp = إرساله عبر واتساب بدلًا من ذلك
by-telegram = إرساله عبر تيليجرام بدلًا من ذلك
by-call = الاتصال بي بدلًا من ذلك
resend-wait = { $seconds ->
    [zero] يمكنك طلبه مجددًا الآن.
    [one] يمكنك طلبه مجددًا بعد ثانية واحدة.
    [two] يمكنك طلبه مجددًا بعد ثانيتين.
    [few] يمكنك طلبه مجددًا بعد { $seconds } ثوانٍ.
    [many] يمكنك طلبه مجددًا بعد { $seconds } ثانية.
   *[other] يمكنك طلبه مجددًا بعد { $seconds } ثانية.
}
resend-clock = يمكنك طلبه مجددًا بعد { $clock }.
resend-now = يمكنك الآن طلب الرمز مجددًا.
no-more-sends = لا يمكننا إرساله مجددًا في الوقت الحالي.
another-way = تجربة طريقة أخرى
change-number = تغيير الرقم
change-address = تغيير البريد
sent-again = أرسلنا الرمز نفسه مجددًا. أيّ رسالة منّا صالحة.
code-renewed = انتهت صلاحية ذلك الرمز. أرسلنا إليك رمزًا جديدًا.

# What went wrong in a form
phone-empty = أدخل رقم هاتفك المحمول.
phone-impossible = لا يبدو هذا الرقم صحيحًا. راجع الأرقام والبلد.
phone-not-mobile = لا يمكننا إرسال رموز إلى هذا الرقم. أدخل رقم هاتف محمول.
phone-country-not-offered = لا يمكننا بعد إرسال رموز إلى ذلك البلد. استخدم رقمًا آخر أو طريقة أخرى.
email-empty = أدخل بريدك الإلكتروني.
email-invalid = أدخل بريدًا إلكترونيًا مثل name@example.com.
code-empty = أدخل الرمز الذي أرسلناه إليك.
code-format = { $digits ->
    [few] يجب أن يتكوّن الرمز من { $digits } أرقام.
   *[other] يجب أن يتكوّن الرمز من { $digits } رقمًا.
}
code-wrong = هذا الرمز غير صحيح. راجع أحدث رسالة منّا.
code-wrong-last = { $left ->
    [zero] هذا الرمز غير صحيح. لم تبقَ لك أي محاولة.
    [one] هذا الرمز غير صحيح. بقيت لك محاولة واحدة.
    [two] هذا الرمز غير صحيح. بقيت لك محاولتان.
    [few] هذا الرمز غير صحيح. بقيت لك { $left } محاولات.
    [many] هذا الرمز غير صحيح. بقيت لك { $left } محاولة.
   *[other] هذا الرمز غير صحيح. بقيت لك { $left } محاولة.
}
code-expired = انتهت صلاحية ذلك الرمز. اطلب رمزًا جديدًا.
code-exhausted = جُرّب ذلك الرمز مرات كثيرة. اطلب رمزًا جديدًا.
code-unavailable = لا يمكننا التحقق من الرموز الآن. حاول مجددًا بعد قليل.
too-many-codes = طلبت رموزًا كثيرة. انتظر بضع دقائق، أو استخدم طريقة أخرى.
too-many-tries = أُدخلت رموز خاطئة كثيرة. انتظر ساعة، أو استخدم طريقة أخرى.
resend-too-soon = { $seconds ->
    [zero] يمكنك طلبه مجددًا الآن.
    [one] ما زال الوقت مبكرًا. يمكنك طلبه مجددًا بعد ثانية واحدة.
    [two] ما زال الوقت مبكرًا. يمكنك طلبه مجددًا بعد ثانيتين.
    [few] ما زال الوقت مبكرًا. يمكنك طلبه مجددًا بعد { $seconds } ثوانٍ.
    [many] ما زال الوقت مبكرًا. يمكنك طلبه مجددًا بعد { $seconds } ثانية.
   *[other] ما زال الوقت مبكرًا. يمكنك طلبه مجددًا بعد { $seconds } ثانية.
}

# Where a sign-in stands
interaction-expired-title = استغرق تسجيل الدخول هذا وقتًا طويلًا
interaction-expired-body = أنهيناه حفاظًا على أمانك. ابدأ من جديد، لن يأخذ سوى لحظة.
interaction-foreign-title = بدأ تسجيل الدخول هذا في مكان آخر
interaction-foreign-body = فُتح في متصفح أو تطبيق آخر. عُد إليه، أو سجّل الدخول من التطبيق من جديد.
interaction-finished-title = اكتمل تسجيل الدخول هذا
interaction-finished-body = يمكنك إغلاق هذه الصفحة، أو الانتقال إلى التطبيق.
interaction-unknown-title = لا نعرف تسجيل الدخول هذا
interaction-unknown-body = قد يكون الرابط قديمًا أو ناقصًا. عُد إلى التطبيق وسجّل الدخول منه.
start-again = البدء من جديد
back-to-app = الانتقال إلى التطبيق

# A person’s own page
account-title = حسابك
account-identifiers = كيف تسجّل الدخول
account-organizations = المؤسسات
account-sessions = أين سجّلت الدخول
account-session-here = هذا المتصفح
account-session-elsewhere = متصفح آخر
account-everywhere = تسجيل الخروج من كل الأجهزة
account-apps = التطبيقات التي لها حق الوصول
account-no-apps = لا يملك أي تطبيق حق الوصول إلى حسابك.
account-take-back = إلغاء الوصول
account-open-body = تابع لترى عمليات دخولك والتطبيقات التي لها حق الوصول.
account-over-title = حسابك غير مفتوح هنا
account-over-body = حفاظًا على أمانك، يعمل رابط حسابك مرة واحدة ولمدة خمس دقائق. عُد إلى التطبيق وافتحه من هناك.
invitation-title = هذه المؤسسة أو الدعوة غير صالحة هنا
invitation-body = ربما استُخدمت الدعوة أو انتهت مدتها. اطلب رابطًا جديدًا ممن أرسلها.

# Errors
request-problem-title = طلب التطبيق شيئًا لا يمكننا فعله
request-problem-body = لم ترتكب أي خطأ. يُرجى إبلاغ القائمين على التطبيق.
unavailable-title = سنعود حالًا
unavailable-body = لا يمكن تسجيل الدخول الآن. يُرجى المحاولة بعد دقيقة.
not-found-title = لا يوجد شيء هنا
not-found-body = قد يكون العنوان قديمًا أو مكتوبًا خطأً.
something-broke-title = حدث عطل لدينا
something-broke-body = ليس هذا خطأك. يُرجى المحاولة مجددًا.
error-detail = للمطوّرين
request-id = المرجع
back = رجوع

# Signing out
signed-out-title = تم تسجيل خروجك
signed-out-body = يمكنك إغلاق هذه الصفحة.
logout-title = هل تريد تسجيل الخروج؟
logout-body = ستحتاج إلى رمز جديد لتسجيل الدخول مجددًا.
logout-confirm = تسجيل الخروج
logout-everywhere = تسجيل الخروج من كل الأجهزة
logout-stay = البقاء دون تسجيل الخروج

# Handing over to the app
one-moment = لحظة من فضلك
one-moment-body = إذا لم يحدث شيء، فاضغط على «متابعة».

# Calling a sign-in off, and allowing what an app asks for
cancel = إلغاء
cancel-to-app = إلغاء والعودة إلى { $app }
consent-title = هل تسمح لـ { $app } بالوصول إلى حسابك؟
consent-unverified = لا نعرف من يدير هذا التطبيق. تابع فقط إذا كنت تثق به.
consent-unverified-host = لا نعرف من يدير هذا التطبيق. مصدره { $host }. تابع فقط إذا كنت تثق به.
consent-asks = يريد هذا التطبيق
scope-openid = التعرّف عليك عندما تعود
scope-profile = الاطّلاع على ملفك الشخصي، مثل اسمك ورقم هاتفك
scope-email = الاطّلاع على عنوان بريدك الإلكتروني
scope-phone = الاطّلاع على رقم هاتفك
scope-address = الاطّلاع على عنوانك البريدي
scope-offline = الاحتفاظ بهذا الوصول أثناء غيابك
scope-other = استخدام «{ $name }»
scope-resource = استخدام { $name } نيابةً عنك
consent-allow = السماح
consent-deny = عدم السماح
consent-host = ستنتقل بعد ذلك إلى { $host }.
consent-about = عن هذا التطبيق

# Devices without a browser of their own
device-title = ربط جهاز
device-lead = أدخل الرمز الذي يعرضه جهازك.
device-label = الرمز على جهازك
device-hint = 8 أحرف، مثل WDJB‑MJHT.
device-empty = أدخل الرمز الذي يعرضه جهازك.
device-wrong = هذا الرمز غير صحيح أو انتهت صلاحيته. تحقّق من جهازك.
device-too-many = أُدخلت رموز خاطئة كثيرة. انتظر ساعة ثم حاول مرة أخرى.
device-code = يجب أن يعرض جهازك هذا الرمز: { $code }
device-warning = تابع فقط إذا كان هذا الرمز معروضًا على جهاز لك. إذا أرسله إليك شخص ما فتوقّف هنا: فقد يتمكّن من دخول حسابك.
device-allowed-title = تم ربط جهازك
device-allowed-body = عُد إلى جهازك. يمكنك إغلاق هذه الصفحة.
device-denied-title = لم يتم ربط جهازك
device-denied-body = لن يحصل على أي شيء من حسابك. يمكنك إغلاق هذه الصفحة.
device-over-title = انتهت صلاحية هذا الرمز
device-over-body = اطلب رمزًا جديدًا من جهازك.
device-again = إدخال رمز آخر

# Before an app opens again
success-title = تم تسجيل دخولك
success-body = عُد إلى { $app } للمتابعة.
