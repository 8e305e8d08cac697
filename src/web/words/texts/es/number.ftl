# A WhatsApp number: setting it up, and how it fares.
inboxes-add-whatsapp = Configurar un número de WhatsApp
number-about = Los identificadores, el token y el secreto de la aplicación se prueban en Meta; después, token y secreto se olvidan. Se muestra lo que debe pegarse en la consola de Meta y ponerse en los ajustes.
number-phone-id = Phone number ID (WhatsApp, API Setup; no el número en sí)
number-account-id = WhatsApp Business Account ID
number-token = Token de acceso de un usuario del sistema
number-app-secret = Secreto de la aplicación (App settings, Basic)
number-more = Token de verificación y API Graph
number-verify-token = Token de verificación que Meta muestra en su primera llamada
number-graph-url = Dirección de la API Graph
number-graph-version = Su versión
number-subscribe = Suscribir la aplicación a la cuenta, si aún no lo está
number-no-id = Ambos identificadores tienen solo cifras; están en la consola de Meta, en WhatsApp, API Setup.
number-no-token = Indique el token de acceso; solo se prueba.
number-no-graph = Desde aquí solo se llama a la dirección de Meta de la Graph API, o a una que ya tenga un buzón de los ajustes; para otra use sureply inbox add whatsapp.
number-console = Para la consola de Meta
number-console-hint = Pegue esto en WhatsApp, Configuration, Webhook cuando el servidor funcione con los ajustes de abajo, y suscríbase a los campos.
number-console-callback = URL de devolución de llamada
number-console-verify-token = Token de verificación
number-console-fields = Campos del webhook
number-section-hint = Añada esto a los ajustes, defina las variables SUREPLY_WHATSAPP_TOKEN y SUREPLY_WHATSAPP_APP_SECRET donde arranca el servidor y arránquelo de nuevo.
number-check-number = Número
number-check-secret = Secreto de la aplicación
number-check-token = Token de acceso
number-check-account = Cuenta de empresa
number-check-subscription = Suscripción
number-quality-green = buena calidad
number-quality-yellow = calidad media
number-quality-red = calidad baja
number-quality-unknown = calidad aún sin valorar
number-ends = termina en { $days ->
    [one] { $days } día
   *[other] { $days } días
 }
number-ended = ha terminado
number-not-sent = los mensajes no salen
number-name = Nombre:
number-tier = Clientes a los que puede escribir primero al día:
number-throughput = Caudal:
number-token-of = Token de acceso:
number-version = API Graph
number-heard = última llamada de Meta
number-unheard = Meta aún no ha llamado
number-looked = consultado
number-call = Probar el webhook
number-see = Ver el número
number-warn-token = El token de acceso termina en { $days ->
    [one] { $days } día
   *[other] { $days } días
 }; cree otro y póngalo en los ajustes.
number-warn-token-over = El token de acceso ha terminado: no sale ningún mensaje. Cree otro y póngalo en los ajustes.
number-warn-data = El acceso a los datos termina en { $days ->
    [one] { $days } día
   *[other] { $days } días
 }; entre en la consola de Meta con la aplicación del token.
number-warn-data-over = El acceso a los datos ha terminado; entre en la consola de Meta con la aplicación del token.
number-warn-version = La versión de la API Graph termina en { $days ->
    [one] { $days } día
   *[other] { $days } días
 }; ponga una graph_version más nueva.
number-warn-version-over = La versión de la API Graph ha terminado; ponga una graph_version más nueva.
number-warn-quality = Hay clientes que bloquean o denuncian sus mensajes: la calidad es baja y Meta puede limitar el número.
number-warn-restricted = No puede enviar: { $words }
number-warn-unseen = No se pudo consultar: { $words }
number-called-reached = Se llegó al webhook y acepta lo que envía Meta.
number-called-elsewhere = Otra cosa responde en la dirección pública; revise server.public_url y el proxy.
number-called-wrong-token = Lo que responde allí conoce otro token de verificación: otro servidor, o uno que no se reinició con estos ajustes.
number-called-wrong-secret = Lo que responde allí no acepta nuestra firma: otro servidor, o uno con otro secreto de la aplicación.
number-called-certificate = El certificado no vale: Meta solo acepta uno que una autoridad pública haya firmado para este nombre.
number-called-redirect = La dirección redirige y Meta no sigue redirecciones; ponga en server.public_url la dirección final.
number-called-timed-out = No hubo respuesta en 10 segundos; revise el cortafuegos y el proxy.
number-called-unreachable = Allí no se llega a nada; revise el nombre, el puerto y el cortafuegos.
number-called-unset = Ponga en server.public_url la dirección https en la que Meta llega a este servidor.
