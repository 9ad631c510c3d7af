import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.openapitools.client.ApiClient;
import org.openapitools.client.api.AccountsApi;
import org.openapitools.client.api.SessionsApi;
import org.openapitools.client.api.UserSharesApi;
import org.openapitools.client.model.ConfirmUserShare;
import org.openapitools.client.model.Content;
import org.openapitools.client.model.EthereumMessage;
import org.openapitools.client.model.GenerateUserShare;
import org.openapitools.client.model.KeygenOrder;
import org.openapitools.client.model.NewAccount;
import org.openapitools.client.model.OrderedParticipant;
import org.openapitools.client.model.ParticipantType;
import org.openapitools.client.model.SessionStatus;
import org.openapitools.client.model.SignWithUserShare;
import org.openapitools.client.model.SignatureOrder;

/**
 * Makes a wallet and signs with it, by a client that openapi-generator has made of sdk/openapi.json and nothing else. What a share
 * is encrypted with is no business of REST: the test does that, a line of JSON on the output and one in base64 on the input each.
 */
public final class Proof {
  public static void main(String[] args) throws Exception {
    var client = new ApiClient();
    client.updateBaseUri(System.getenv("QUORATE_URL"));
    client.setRequestInterceptor(request -> request.header("X-API-Key", System.getenv("QUORATE_API_KEY")));
    var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    var mapper = client.getObjectMapper();
    var sessions = new SessionsApi(client);
    var shares = new UserSharesApi(client);
    var accounts = new AccountsApi(client);

    var participants =
        List.of(
            new OrderedParticipant().partyId("alice").type(ParticipantType.USER),
            new OrderedParticipant().partyId("server-1").type(ParticipantType.SERVER),
            new OrderedParticipant().partyId("server-2").type(ParticipantType.SERVER));
    var keygen =
        sessions.orderKeygen(
            new KeygenOrder().thresholdN(3).thresholdT(2).participants(participants).lifeSeconds(600), null);
    var token = keygen.getJoinTokens().get("alice");
    var share =
        shares.generateUserShare(
            new GenerateUserShare()
                .sessionId(keygen.getSessionId())
                .joinToken(token)
                .recipient(System.getenv("RECIPIENT"))
                .walletName("Java"));
    System.out.println(mapper.writeValueAsString(Map.of("share", share)));
    // The user has checked and kept it.
    input.readLine();
    shares.confirmUserShare(
        new ConfirmUserShare()
            .sessionId(keygen.getSessionId())
            .joinToken(token)
            .confirmation(share.getConfirmation()));
    while (sessions.getSession(keygen.getSessionId()).getStatus() != SessionStatus.COMPLETED) Thread.sleep(200);
    var account = accounts.createAccount(new NewAccount().sessionId(keygen.getSessionId()).name("Java"), null);

    var text = Base64.getEncoder().encodeToString("ten pints of milk".getBytes(StandardCharsets.UTF_8));
    var content =
        new Content(new EthereumMessage().type(EthereumMessage.TypeEnum.ETHEREUM_MESSAGE).message(text));
    var order =
        sessions.orderSignature(
            new SignatureOrder()
                .accountId(account.getAccountId())
                .content(content)
                .participants(List.of("alice", "server-2"))
                .lifeSeconds(600),
            null);
    var key = shares.publishUserShareKey();
    System.out.println(mapper.writeValueAsString(Map.of("order", order, "key", key, "account", account)));
    var sealed = new String(Base64.getDecoder().decode(input.readLine()), StandardCharsets.UTF_8);
    var signed =
        shares.signWithUserShare(
            new SignWithUserShare()
                .sessionId(order.getSessionId())
                .joinToken(order.getJoinTokens().get("alice"))
                .keyId(key.getKeyId())
                .userShare(sealed)
                .content(content));
    System.out.println(mapper.writeValueAsString(Map.of("signed", signed)));
  }
}
