# Text messages: plain letters only, so that they fit into one. The last line is added by us.
sms-passcode =
    { $code } adalah kode { $app } Anda. Ref { $tag }
    Jangan berikan kepada siapa pun.
whatsapp-passcode = *{ $code }* adalah kode { $app } Anda. Ref { $tag }
    Demi keamanan Anda, jangan bagikan kode ini.
# The button under it, which copies the code: at most 25 characters.
copy-code = Salin kode
voice-passcode = Halo. Kode { $app } Anda adalah: { $code }. Sekali lagi: { $code }. Jangan berikan kepada siapa pun. Sampai jumpa.
mail-passcode-subject = { $code } adalah kode { $app } Anda
mail-passcode-intro = Ini kode Anda untuk masuk ke { $app }:
mail-passcode-tag = Halaman masuk menampilkan tanda yang sama: { $tag }.
mail-passcode-life = Kode ini berlaku { $minutes } menit. Jangan berikan kepada siapa pun.
mail-passcode-ignore = Jika Anda tidak meminta kode ini, abaikan saja email ini.
