namespace Hermes.Core.Http.Security;

/// <summary>How one of our endpoints is guarded, in its metadata.</summary>
/// <param name="IsPublic">Whether it answers everybody who reaches it: health, preflights, what answers 404 and 405.</param>
/// <param name="AsksKey">Whether the key is asked of the endpoints that are not public beside it.</param>
/// <param name="IsGuardedByApplication">Whether an authorization of the application's decides who reaches those.</param>
internal sealed record EndpointAccess(bool IsPublic, bool AsksKey, bool IsGuardedByApplication);
