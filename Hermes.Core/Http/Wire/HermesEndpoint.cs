using Microsoft.AspNetCore.Http.Metadata;

namespace Hermes.Core.Http.Wire;

/// <summary>Marks an endpoint as one of ours, and says how it answers. The last one on an endpoint counts.</summary>
internal sealed record HermesEndpoint(ErrorShape ErrorShape, long BodyLimit = HermesEndpoint.MetadataBodyLimit) : IRequestSizeLimitMetadata
{
    /// <summary>The largest body of a request that is no chat.</summary>
    public const long MetadataBodyLimit = 1_000_000;
    /// <summary>The largest body of a chat, which may hold images.</summary>
    public const long ChatBodyLimit = 10_000_000;
    // A client that still sends when it is refused sees the answer only where the server goes on reading, and not a broken connection.
    private const long ReadAndDropped = 20_000_000;

    /// <summary>What routing tells the server, before anybody asks for a key: it reads no more, and no less where its own limit is lower.</summary>
    long? IRequestSizeLimitMetadata.MaxRequestBodySize => BodyLimit + ReadAndDropped;
}

/// <summary>The shapes of errors that clients of the reference know.</summary>
internal enum ErrorShape
{
    /// <summary><c>{"error":"text"}</c>, of <c>/api/*</c>.</summary>
    Text,
    /// <summary><c>{"success":false,"error":"text"}</c>, of those among <c>/api/*</c> whose answers say whether they succeeded.</summary>
    Outcome,
    /// <summary><c>{"error":{"message","type","param","code"}}</c>, of <c>/v1/*</c>.</summary>
    OpenAI,
}
