event-reworded = A mensagem foi alterada. Antes dizia: { $before }
event-revoked = Uma mensagem foi retirada; o Sureply já não a vê. Dizia: { $words }
event-revoked-silently = Uma mensagem foi retirada; o Sureply já não a vê.
event-undelivered = Uma mensagem não chegou: { $words }
event-file-lost = Não foi possível obter o ficheiro { $name }: { $words }. Peça que o enviem de novo.
came-unreadable = Isto chegou numa forma que aqui não se pode ler, como uma sondagem ou uma chamada. Pergunte ao cliente ou veja no WhatsApp.
file-coming = a caminho
file-lost = não foi possível obter
