using System.Threading.RateLimiting;
using Hermes.Core.Chat;
using Hermes.Core.Http.Wire;

namespace Hermes.Core.Http.Endpoints;

/// <summary>What holds for every call that begins a turn.</summary>
internal static class TurnConventions
{
    /// <summary>The endpoint takes a place among the turns that there may be at once, or answers 429 before it reads the body; it echoes the session's key.</summary>
    /// <remarks>As a filter it comes after authentication: who has no key takes no place.</remarks>
    public static RouteHandlerBuilder BeginsTurn(this RouteHandlerBuilder endpoint) =>
        endpoint.AddEndpointFilterFactory((factory, next) =>
        {
            var engine = factory.ApplicationServices.GetRequiredService<ChatEngine>();
            return context => RunAsync(context, engine, next);
        });

    /// <summary>Takes the request's place for its turn, which may run on without the request and gives it back at its end.</summary>
    public static RateLimitLease? TakePlace(HttpContext http)
    {
        var place = http.Features.Get<RateLimitLease>();
        http.Features.Set<RateLimitLease>(null);
        return place;
    }

    private static async ValueTask<object?> RunAsync(EndpointFilterInvocationContext context, ChatEngine engine, EndpointFilterDelegate next)
    {
        TurnHeaders.EchoSessionKey(context.HttpContext);
        var place = engine.TryTakePlace() ?? throw new RequestException(
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
            TakePlace(context.HttpContext)?.Dispose();
        }
    }
}
