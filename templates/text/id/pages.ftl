# Every page
error-prefix = Kesalahan
summary-title = Mohon periksa ini
continue = Lanjutkan
terms = Ketentuan
privacy = Privasi
signed-in-as = Anda masuk sebagai { $who }.

# Identifier
sign-in-title = Masuk
create-title = Buat akun Anda
lead = Kami akan mengirim kode. Tanpa kata sandi.
phone-country = Negara
phone-number = Nomor ponsel
phone-why = Nomor Anda hanya kami pakai untuk mengirim kode masuk.
email-address = Alamat email
email-why = Alamat Anda hanya kami pakai untuk mengirim kode masuk.
use-phone = Pakai nomor telepon saja
use-email = Pakai email saja
use-other = Lanjutkan dengan { $name }
country-search = Cari nama atau kode
country-found = Negara ditemukan:
confirm-lead = Kami akan mengirim kode ke { $to }. Tanpa kata sandi.
send-code = Kirim kode

# Passcode
passcode-title = Masukkan kode Anda
sent-sms = Kami mengirim kode lewat SMS ke { $to }.
sent-whatsapp = Kami mengirim kode lewat WhatsApp ke { $to }. Lihat WhatsApp di ponsel Anda.
sent-telegram = Kami mengirim kode lewat Telegram ke { $to }. Lihat Telegram di ponsel Anda.
sent-voice = Kami sedang menelepon { $to } untuk membacakan kode.
sent-email = Kami mengirim kode lewat email ke { $to }.
tried-to-send = Kami mencoba mengirim kode ke { $to }.
progress-sending = { $by ->
    [whatsapp] Sedang dikirim lewat WhatsApp…
    [telegram] Sedang dikirim lewat Telegram…
    [voice] Kami sedang menelepon Anda…
    [email] Sedang dikirim lewat email…
   *[sms] Sedang dikirim lewat SMS…
}
progress-sent = { $by ->
    [whatsapp] Sudah dikirim lewat WhatsApp.
    [telegram] Sudah dikirim lewat Telegram.
    [voice] Ponsel Anda akan segera berdering.
    [email] Sudah dikirim lewat email.
   *[sms] Sudah dikirim lewat SMS.
}
progress-delivered = { $by ->
    [whatsapp] Sudah sampai lewat WhatsApp.
    [telegram] Sudah sampai lewat Telegram.
    [voice] Kami sudah menelepon Anda.
    [email] Sudah sampai lewat email.
   *[sms] Sudah sampai lewat SMS.
}
progress-fell = { $from ->
    [whatsapp] WhatsApp belum menyampaikannya.
    [telegram] Telegram belum menyampaikannya.
    [voice] Kami tidak berhasil menelepon Anda.
    [email] Email belum sampai.
   *[sms] SMS belum sampai.
} { $to ->
    [whatsapp] Kode yang sama sedang dikirim lewat WhatsApp.
    [telegram] Kode yang sama sedang dikirim lewat Telegram.
    [voice] Kami menelepon Anda dengan kode yang sama.
    [email] Kode yang sama sedang dikirim lewat email.
   *[sms] Kode yang sama sedang dikirim lewat SMS.
}
progress-undelivered = { $by ->
    [email] Kami gagal menyampaikannya. Periksa alamatnya, atau pilih cara lain.
   *[other] Kami gagal menyampaikannya. Periksa nomornya, atau pilih cara lain.
}
progress-paused = SMS dan telepon dihentikan untuk sementara. Pilih cara lain, atau coba lagi nanti.
progress-bad-number = { $by ->
    [email] Alamat itu sepertinya tidak ada. Periksa lagi.
   *[other] Nomor itu sepertinya tidak ada. Periksa lagi.
}
progress-opted-out = { $by ->
    [whatsapp] Nomor ini meminta kami berhenti mengirim pesan WhatsApp. Pilih cara lain.
    [telegram] Nomor ini meminta kami berhenti mengirim pesan Telegram. Pilih cara lain.
    [voice] Nomor ini meminta kami berhenti menelepon. Pilih cara lain.
    [email] Alamat ini meminta kami berhenti mengirim email. Pilih cara lain.
   *[sms] Nomor ini meminta kami berhenti mengirim SMS. Pilih cara lain.
}
progress-forbidden = { $by ->
    [email] Kami tidak bisa mengirim kode ke alamat ini. Pilih cara lain.
   *[other] Kami tidak bisa mengirim kode ke nomor ini dengan cara ini. Pilih cara lain.
}
tag-on-message = Pesan kami bertanda { $tag }.
code-label = Kode { $digits } angka
paste-code = Tempel kode
no-code-title = Kode belum sampai?
no-code-spam = Mungkin ada di folder spam.
resend = Kirim kode lagi
by-sms = Kirim lewat SMS
by-whatsapp = Kirim lewat WhatsApp
by-telegram = Kirim lewat Telegram
by-call = Telepon saya
resend-wait = Anda bisa meminta lagi dalam { $seconds } detik.
resend-clock = Anda bisa meminta lagi dalam { $clock }.
resend-now = Anda sudah bisa meminta kode lagi.
no-more-sends = Untuk sementara kami tidak bisa mengirimnya lagi.
another-way = Coba cara lain
change-number = Ganti nomor
change-address = Ganti alamat
sent-again = Kami mengirim kode yang sama lagi. Semua pesan kami berlaku.
code-renewed = Kode itu sudah kedaluwarsa. Kami mengirim yang baru.

# What went wrong in a form
phone-empty = Masukkan nomor ponsel Anda.
phone-impossible = Nomor itu sepertinya salah. Periksa angkanya dan negaranya.
phone-not-mobile = Kami tidak bisa mengirim kode ke nomor itu. Masukkan nomor ponsel.
phone-country-not-offered = Kami belum bisa mengirim kode ke negara itu. Pakai nomor lain atau cara lain.
email-empty = Masukkan alamat email Anda.
email-invalid = Masukkan alamat email seperti nama@example.com.
code-empty = Masukkan kode yang kami kirim.
code-format = Kode harus terdiri dari { $digits } angka.
code-wrong = Kode itu tidak cocok. Lihat pesan kami yang terbaru.
code-wrong-last = Kode itu tidak cocok. Sisa percobaan: { $left }.
code-expired = Kode itu sudah kedaluwarsa. Minta kode baru.
code-exhausted = Kode itu sudah terlalu sering dicoba. Minta kode baru.
code-unavailable = Saat ini kami tidak bisa memeriksa kode. Coba lagi sebentar lagi.
too-many-codes = Anda meminta terlalu banyak kode. Tunggu beberapa menit, atau pakai cara lain.
too-many-tries = Terlalu banyak kode yang salah. Tunggu satu jam, atau pakai cara lain.
resend-too-soon = Masih terlalu cepat. Anda bisa meminta lagi dalam { $seconds } detik.

# Where a sign-in stands
interaction-expired-title = Proses masuk ini terlalu lama
interaction-expired-body = Demi keamanan Anda, proses ini diakhiri. Mulai lagi, hanya sebentar.
interaction-foreign-title = Proses masuk ini dimulai di tempat lain
interaction-foreign-body = Proses ini dibuka di peramban atau aplikasi lain. Kembali ke sana, atau masuk lagi dari aplikasinya.
interaction-finished-title = Proses masuk ini sudah selesai
interaction-finished-body = Anda bisa menutup halaman ini, atau lanjut ke aplikasi.
interaction-unknown-title = Kami tidak mengenal proses masuk ini
interaction-unknown-body = Tautannya mungkin lama atau tidak lengkap. Kembali ke aplikasi dan masuk dari sana.
start-again = Mulai lagi
back-to-app = Ke aplikasi

# A person’s own page
account-title = Akun Anda
account-identifiers = Cara Anda masuk
account-organizations = Organisasi
account-sessions = Tempat Anda sedang masuk
account-session-here = Peramban ini
account-session-elsewhere = Peramban lain
account-everywhere = Keluar dari semua perangkat
account-apps = Aplikasi yang punya akses
account-no-apps = Tidak ada aplikasi yang punya akses ke akun Anda.
account-take-back = Cabut akses
account-open-body = Lanjutkan untuk melihat riwayat masuk dan aplikasi yang punya akses.
account-over-title = Akun Anda tidak terbuka di sini
account-over-body = Demi keamanan Anda, tautan ke akun hanya berlaku sekali, selama lima menit. Kembali ke aplikasi dan buka dari sana.
invitation-title = Organisasi atau undangan itu tidak berlaku di sini
invitation-body = Undangan mungkin sudah dipakai atau terlalu lama. Mintalah tautan baru kepada pengirimnya.

# Errors
request-problem-title = Aplikasi meminta sesuatu yang tidak bisa kami lakukan
request-problem-body = Ini bukan salah Anda. Mohon beri tahu pengelola aplikasi.
unavailable-title = Kami segera kembali
unavailable-body = Saat ini Anda belum bisa masuk. Silakan coba lagi sebentar lagi.
not-found-title = Tidak ada apa-apa di sini
not-found-body = Alamatnya mungkin lama atau salah ketik.
something-broke-title = Ada yang rusak di pihak kami
something-broke-body = Ini bukan salah Anda. Silakan coba lagi.
error-detail = Untuk pengembang
request-id = Referensi
back = Kembali

# Signing out
signed-out-title = Anda sudah keluar
signed-out-body = Anda bisa menutup halaman ini.
logout-title = Keluar?
logout-body = Anda perlu kode baru untuk masuk lagi.
logout-confirm = Keluar
logout-everywhere = Keluar dari semua perangkat
logout-stay = Tetap masuk

# Handing over to the app
one-moment = Tunggu sebentar
one-moment-body = Jika tidak terjadi apa-apa, tekan “Lanjutkan”.

# Calling a sign-in off, and allowing what an app asks for
cancel = Batal
cancel-to-app = Batal dan kembali ke { $app }
consent-title = Beri { $app } akses ke akun Anda?
consent-unverified = Kami tidak tahu siapa yang menjalankan aplikasi ini. Lanjutkan hanya jika Anda memercayainya.
consent-unverified-host = Kami tidak tahu siapa yang menjalankan aplikasi ini. Asalnya dari { $host }. Lanjutkan hanya jika Anda memercayainya.
consent-asks = Aplikasi ini ingin
scope-openid = Mengenali Anda saat Anda kembali
scope-profile = Melihat profil Anda, seperti nama dan nomor telepon
scope-email = Melihat alamat email Anda
scope-phone = Melihat nomor telepon Anda
scope-address = Melihat alamat pos Anda
scope-offline = Tetap memiliki akses ini saat Anda tidak ada
scope-other = Menggunakan “{ $name }”
scope-resource = Menggunakan { $name } atas nama Anda
consent-allow = Izinkan
consent-deny = Jangan izinkan
consent-host = Setelah ini Anda menuju { $host }.
consent-about = Tentang aplikasi ini

# Devices without a browser of their own
device-title = Hubungkan perangkat
device-lead = Masukkan kode yang ditampilkan perangkat Anda.
device-label = Kode di perangkat Anda
device-hint = 8 huruf, misalnya WDJB‑MJHT.
device-empty = Masukkan kode yang ditampilkan perangkat Anda.
device-wrong = Kode itu salah atau sudah kedaluwarsa. Periksa perangkat Anda.
device-too-many = Terlalu banyak kode yang salah. Tunggu satu jam, lalu coba lagi.
device-code = Perangkat Anda harus menampilkan kode ini: { $code }
device-warning = Lanjutkan hanya jika kode ini ada di perangkat milik Anda. Jika seseorang mengirimkannya kepada Anda, berhenti di sini: orang itu bisa masuk ke akun Anda.
device-allowed-title = Perangkat Anda terhubung
device-allowed-body = Kembali ke perangkat Anda. Halaman ini boleh ditutup.
device-denied-title = Perangkat Anda tidak terhubung
device-denied-body = Perangkat itu tidak mendapat apa pun dari akun Anda. Halaman ini boleh ditutup.
device-over-title = Kode ini sudah kedaluwarsa
device-over-body = Minta kode baru di perangkat Anda.
device-again = Masukkan kode lain

# Before an app opens again
success-title = Anda sudah masuk
success-body = Kembali ke { $app } untuk melanjutkan.
