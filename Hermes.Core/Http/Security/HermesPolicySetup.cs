using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace Hermes.Core.Http.Security;

/// <summary>Gives the policy <c>Hermes</c> its default, the bearer key, unless the application defined it.</summary>
internal sealed class HermesPolicySetup : IPostConfigureOptions<AuthorizationOptions>
{
    /// <summary>The policy that every endpoint behind the key names.</summary>
    public const string PolicyName = "Hermes";

    public void PostConfigure(string? name, AuthorizationOptions options)
    {
        if (options.GetPolicy(PolicyName) is null)
        {
            options.AddPolicy(PolicyName, policy => policy
                .AddAuthenticationSchemes(HermesBearerHandler.SchemeName)
                .RequireAuthenticatedUser());
        }
    }
}
