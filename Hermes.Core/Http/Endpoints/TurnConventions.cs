using Hermes.Core.Chat;
using Hermes.Core.Http.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Hermes.Core.Http.Endpoints;

/// <summary>What holds for every call that begins a turn.</summary>
internal static class TurnConventions
{
    /// <summary>The endpoint takes a place among the turns that there may be at once, or answers 429 before it reads the body; it echoes the session's key.</summary>
    /// <remarks>As a filter it comes after authentication: who has no key takes no place.</remarks>
    public static RouteHandlerBuilder BeginsTurn(this RouteHandlerBuilder endpoint) =>
        endpoint.AddEndpointFilterFactory((factory, next) =>
        {
            var places = factory.ApplicationServices.GetRequiredService<TurnPlaces>();
            return context => RunAsync(context, places, next);
        });

    /// <summary>The place that the request has taken, for its turn.</summary>
    public static TurnPlace? Place(HttpContext http) => http.Features.Get<TurnPlace>();

    private static async ValueTask<object?> RunAsync(EndpointFilterInvocationContext context, TurnPlaces places, EndpointFilterDelegate next)
    {
        TurnHeaders.EchoSessionKey(context.HttpContext);
        var place = places.TryTake() ?? throw new RequestException(
            "The agent is busy with as many turns as this server allows at once. Try again in a moment.", StatusCodes.Status429TooManyRequests)
        {
            Code = "rate_limit_exceeded",
            RetryAfter = TimeSpan.FromSeconds(1),
        };
        context.HttpContext.Features.Set(place);
        try
        {
            return await next(context);
        }
        finally
        {
            // A turn may run on without its request, and keeps the place then.
            if (!place.IsOfTurn)
            {
                place.Dispose();
            }
        }
    }
}
