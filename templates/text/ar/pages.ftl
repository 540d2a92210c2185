# Every page
error-prefix = خطأ
summary-title = يُرجى مراجعة هذا
continue = متابعة
terms = الشروط
privacy = الخصوصية

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
sent-voice = نتصل الآن بالرقم { $to } لإملاء رمز عليك.
sent-email = أرسلنا رمزًا بالبريد الإلكتروني إلى { $to }.
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
fell-back-sms = لم يوصله واتساب. أرسلنا الرمز نفسه في رسالة نصية.
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
delivery-trouble = تعذّر علينا إرسال الرمز. حاول مجددًا، أو استخدم طريقة أخرى.

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
logout-stay = البقاء

# Handing over to the app
one-moment = لحظة من فضلك
